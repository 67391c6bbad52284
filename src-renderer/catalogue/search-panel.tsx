import { useRef } from 'react';
import type { Item } from '#shared/catalogue/item.ts';
import { IconButton } from '../part/button.tsx';
import { Empty } from '../part/empty.tsx';
import { Icon } from '../part/icon.tsx';
import { displayUnitPrice } from '../part/money.ts';
import { useShortcuts } from '../part/shortcuts.ts';
import { VirtualList } from '../part/virtual-list.tsx';
import { useCurrency } from '../people/till-store.ts';
import styles from './search-panel.module.css';
import { chooseItem, clearSearch, markedItem, searchFor, stepSearch, useSearch } from './search-store.ts';
import { catalogueText } from './text.ts';

const listId = 'found-items';

/** The search field: focus stays here while the arrows move through the results below it. */
export function SearchField({ onPick }: { onPick: (item: Item) => void }) {
  const { text, items, chosen } = useSearch();
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ f2: () => field.current?.select() });
  const marked = items[chosen];
  const pickMarked = async () => {
    const item = await markedItem();
    if (item) onPick(item);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') stepSearch(1);
    else if (event.key === 'ArrowUp') stepSearch(-1);
    else if (event.key === 'Enter') pickMarked();
    else if (event.key === 'Escape') {
      leaveSearch();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.field}>
      <Icon name="search" />
      <input
        ref={field}
        id="search"
        className={styles.input}
        type="text"
        role="combobox"
        aria-label={catalogueText.search}
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={marked && `${listId}-${marked.variant_id}`}
        aria-keyshortcuts="F2"
        autoComplete="off"
        spellCheck={false}
        placeholder={catalogueText.placeholder}
        maxLength={200}
        value={text}
        onChange={(event) => searchFor(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text === '' ? (
        <kbd className={styles.key}>F2</kbd>
      ) : (
        <IconButton icon="close" label={catalogueText.clear} tone="quiet" onPress={clearSearch} />
      )}
    </div>
  );
}

/** Puts letters typed elsewhere into the search field, and goes on there. */
export function typeIntoSearch(letters: string): void {
  searchFor(useSearch.getState().text + letters);
  focusSearch();
}

/** Empties the search field and leaves it, so that keys act on the ticket again. */
export function leaveSearch(): void {
  clearSearch();
  document.getElementById('search')?.blur();
}

/** Goes to the search field. */
export function focusSearch(): void {
  const field = document.getElementById('search');
  if (field instanceof HTMLInputElement) field.focus();
}

/** What was found. */
export function SearchResults({ onPick }: { onPick: (item: Item) => void }) {
  const { text, state, items, chosen } = useSearch();
  const currency = useCurrency();
  if (state === 'failed') {
    return <Empty icon="alert" title={catalogueText.failed} detail={catalogueText.failedDetail} />;
  }
  if (state === 'found' && items.length === 0) {
    return <Empty icon="search" title={catalogueText.nothing} detail={catalogueText.nothingDetail(text)} />;
  }
  return (
    <section className={styles.results} aria-busy={state === 'searching'}>
      <p className={styles.count} role="status">
        {state === 'searching' ? catalogueText.searching : catalogueText.count(items.length)}
        <span>{catalogueText.hint}</span>
      </p>
      <VirtualList
        id={listId}
        label={catalogueText.results}
        rows={items}
        rowKey={(item) => item.variant_id}
        chosen={items[chosen]?.variant_id ?? null}
        estimate={60}
        takesFocus={false}
        onChoose={(item) => {
          chooseItem(item);
          onPick(item);
        }}
        onAct={onPick}
      >
        {(item) => (
          <span className={styles.item}>
            <span className={styles.name}>{item.name}</span>
            <span className={styles.price}>{displayUnitPrice(item.unit_price_micro, currency)}</span>
            <span className={styles.code}>
              {item.barcodes[0] ?? item.sku} · {item.category}
              {!item.active && <strong> · {catalogueText.inactive}</strong>}
            </span>
          </span>
        )}
      </VirtualList>
    </section>
  );
}
