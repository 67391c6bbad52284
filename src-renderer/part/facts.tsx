import styles from './facts.module.css';

/** Names with their values, one below the other. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, React.ReactNode])[] }) => (
  <dl className={styles.facts} data-selectable>
    {facts.map(([name, value]) => (
      <Fact key={name} name={name} value={value} />
    ))}
  </dl>
);

const Fact = ({ name, value }: { name: string; value: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);
