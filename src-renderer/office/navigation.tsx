import { Button } from 'react-aria-components';
import { cx } from '../part/cx.ts';
import { Icon } from '../part/icon.tsx';
import { displayCount } from '../part/money.ts';
import { useFreshOpenCount, useOpenExceptions } from './exceptions/open-count.ts';
import { exceptionsText } from './exceptions/text.ts';
import styles from './navigation.module.css';
import { goToSection } from './section-store.ts';
import type { Section, sectionsFor } from './sections.ts';
import { officeText } from './text.ts';

/** The pages of the office. On a narrow screen the icons stand above shorter words. */
export const Navigation = ({
  sections,
  open,
}: {
  sections: ReturnType<typeof sectionsFor>;
  open: Section;
}) => {
  useFreshOpenCount(sections.some(({ name }) => name === 'exceptions'));
  return (
    <nav className={styles.navigation} aria-label={officeText.navigation}>
      {sections.map((section) => (
        <div key={section.name} className={cx('begins' in section && styles.begins)}>
          <Button
            className={cx(styles.section)}
            aria-label={officeText.sections[section.name]}
            {...(section.name === open ? { 'aria-current': 'page' } : {})}
            {...(section.name === 'exceptions' ? { 'aria-describedby': countId } : {})}
            onPress={() => goToSection(section.name)}
          >
            <Icon name={section.icon} />
            <span className={styles.long}>{officeText.sections[section.name]}</span>
            <span className={styles.short}>{officeText.shortSections[section.name]}</span>
            {section.name === 'exceptions' && <OpenCount />}
          </Button>
          {section.name === 'exceptions' && <OpenCountWords />}
        </div>
      ))}
    </nav>
  );
};

const countId = 'open-exceptions';

/** How many exceptions wait for somebody, where any do. Drawn by the style: the button's name is its words alone. */
function OpenCount() {
  const count = useOpenExceptions();
  return count ? <span className={styles.count} data-count={displayCount(count)} /> : null;
}

/** The same for those who cannot see it. */
function OpenCountWords() {
  const count = useOpenExceptions();
  return (
    <span id={countId} hidden>
      {count ? exceptionsText.openCount(displayCount(count)) : ''}
    </span>
  );
}
