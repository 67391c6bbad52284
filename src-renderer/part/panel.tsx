import { useRef } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import styles from './panel.module.css';
import { partText } from './text.ts';
import { useKeptFocus } from './use-kept-focus.ts';

type Props = {
  title: string;
  /** A line below the title: what this is, or how it stands. */
  detail?: React.ReactNode;
  size?: 'm' | 'l';
  /** Called when it is dismissed by Escape, the close button or a press outside; may decide not to close. */
  onClose: () => void;
  children: React.ReactNode;
};

/**
 * What belongs to one row of a table, beside the table: as high as the screen, with a body that scrolls and a foot
 * that stays. It holds the focus and gives it back to the row.
 */
export function Panel({ title, detail, size = 'm', onClose, children }: Props) {
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className={cx(styles.scrim)}
      data-modal
    >
      <Modal className={cx(styles.box, styles[size])}>
        <Dialog ref={box} className={cx(styles.dialog)}>
          <header className={styles.head}>
            <div className={styles.words}>
              <Heading slot="title" className={cx(styles.title)}>
                {title}
              </Heading>
              {detail && <div className={styles.detail}>{detail}</div>}
            </div>
            <IconButton icon="close" label={partText.close} tone="quiet" onPress={onClose} />
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The part of a panel that scrolls. */
export const PanelBody = ({ children }: { children: React.ReactNode }) => (
  <div className={styles.body}>{children}</div>
);

/** The buttons at the end of a panel, always in view. */
export const PanelFoot = ({ children }: { children: React.ReactNode }) => (
  <footer className={styles.foot}>{children}</footer>
);
