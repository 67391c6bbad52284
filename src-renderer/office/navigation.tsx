import { Button } from 'react-aria-components';
import { cx } from '../part/cx.ts';
import { Icon } from '../part/icon.tsx';
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
}) => (
  <nav className={styles.navigation} aria-label={officeText.navigation}>
    {sections.map((section) => (
      <div key={section.name} className={cx('begins' in section && styles.begins)}>
        <Button
          className={cx(styles.section)}
          aria-label={officeText.sections[section.name]}
          {...(section.name === open ? { 'aria-current': 'page' } : {})}
          onPress={() => goToSection(section.name)}
        >
          <Icon name={section.icon} />
          <span className={styles.long}>{officeText.sections[section.name]}</span>
          <span className={styles.short}>{officeText.shortSections[section.name]}</span>
        </Button>
      </div>
    ))}
  </nav>
);
