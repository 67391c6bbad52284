/** In the order of Tab. Said by name, because it is right here for once: nothing in such a region can be pressed. */
const reachable = 0;

/**
 * A region that is read and may be longer than the screen. It takes the focus, so that the keyboard can scroll it
 * (WCAG 2.1.1); Chromium before 130 does not see to that by itself.
 */
export const Scroller = ({
  label,
  className,
  children,
}: {
  label: string;
  className: string | undefined;
  children: React.ReactNode;
}) => (
  <section className={className} aria-label={label} tabIndex={reachable}>
    {children}
  </section>
);
