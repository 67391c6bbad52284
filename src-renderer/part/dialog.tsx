import { useRef } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import styles from './dialog.module.css';
import { partText } from './text.ts';
import { useKeptFocus } from './use-kept-focus.ts';

type Props = {
  title: string;
  /** Called when it is dismissed by Escape, the close button or a press outside. */
  onClose: () => void;
  /** `drawer`: slides in from the end of the screen, for lists beside the work. */
  shape?: 'window' | 'wide' | 'drawer';
  children: React.ReactNode;
};

/**
 * A dialog over everything else. It holds the focus and gives it back; while one is open, shortcuts and the scan
 * lane of the screen below are silent.
 */
export function Dialog({ title, onClose, shape = 'window', children }: Props) {
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className={cx(styles.scrim, shape === 'drawer' && styles.toEnd)}
      data-modal
    >
      <Modal className={cx(styles.box, styles[shape])}>
        <AriaDialog ref={box} className={cx(styles.dialog)}>
          <header className={styles.head}>
            <Heading slot="title" className={cx(styles.title)}>
              {title}
            </Heading>
            <IconButton icon="close" label={partText.close} tone="quiet" onPress={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The row of buttons that ends a dialog. */
export const DialogActions = ({ children }: { children: React.ReactNode }) => (
  <footer className={styles.actions}>{children}</footer>
);

/** Whether a dialog stands over the screen. */
export const isDialogOpen = (): boolean => document.querySelector('[data-modal]') !== null;
