import type { ScopeKind } from '#shared/people/role.ts';
import { Checkboxes } from '../../part/checkbox.tsx';
import { Notice } from '../../part/notice.tsx';
import { Radios } from '../../part/radios.tsx';
import { Select } from '../../part/select.tsx';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import type { ScopeDraft } from './scope.ts';
import styles from './scope-field.module.css';
import { staffText } from './text.ts';

const kinds = ['company', 'locations', 'client'] as const;

/** How far somebody sees: the company, some of its locations, or one client's things. */
export function ScopeField({
  scope,
  allowed,
  fault,
  isLocked,
  onChange,
}: {
  scope: ScopeDraft;
  /** The kinds that all roles of the person allow. */
  allowed: readonly ScopeKind[];
  fault: (path: string) => string | undefined;
  isLocked: boolean;
  onChange: (scope: ScopeDraft) => void;
}) {
  const locations = useReference('locations');
  const clients = useReference('clients');
  return (
    <div className={styles.scope}>
      <Radios
        label={staffText.scope}
        hint={staffText.scopeHint}
        error={scope.kind === 'company' ? fault('scope') : undefined}
        choices={kinds.map((kind) => [kind, staffText.scopes[kind]])}
        disabled={isLocked ? kinds : kinds.filter((kind) => !allowed.includes(kind))}
        chosen={scope.kind}
        onChoose={(kind) => onChange({ ...scope, kind })}
      />
      {allowed.length === 0 && <Notice tone="warn" title={staffText.scopeImpossible} />}
      {scope.kind === 'locations' && (
        <div className={styles.within}>
          <Checkboxes
            label={staffText.scopeLocations}
            error={fault('scope')}
            choices={locations.map(({ location_id, name }) => [location_id as string, name])}
            chosen={scope.location_ids}
            isDisabled={isLocked}
            onChoose={(location_ids) => onChange({ ...scope, location_ids })}
          />
        </div>
      )}
      {scope.kind === 'client' && (
        <div className={styles.within}>
          <Select
            label={staffText.scopeClient}
            placeholder={officeText.choose}
            error={fault('scope')}
            choices={clients.map(({ client_id, name }) => [client_id as string, name])}
            chosen={scope.client_id === '' ? null : scope.client_id}
            isDisabled={isLocked}
            onChoose={(client_id) => onChange({ ...scope, client_id })}
          />
        </div>
      )}
    </div>
  );
}
