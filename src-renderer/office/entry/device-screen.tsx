import { z } from 'zod';
import { locationIdSchema } from '#shared/ids.ts';
import { nameSchema } from '#shared/text.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { Card, Page } from '../../part/page.tsx';
import { Select } from '../../part/select.tsx';
import { useForm } from '../../part/use-form.ts';
import { takeTillState } from '../../people/till-store.ts';
import { CardForm } from '../card-form.tsx';
import { useOfficeSession } from '../me.ts';
import { useReference } from '../references.ts';
import { closeOffice, signOutOfOffice } from '../session.ts';
import { officeText } from '../text.ts';
import styles from './device-screen.module.css';
import { entryText } from './text.ts';

const deviceSchema = z.strictObject({ location_id: locationIdSchema, name: nameSchema(60) });

/** Makes this very device a till of a location: a code is made and used in one step. */
export function DeviceScreen() {
  const { server_url } = useOfficeSession();
  const locations = useReference('locations');
  const form = useForm({
    start: { location_id: '', name: '' },
    check: (draft) => check(deviceSchema, draft),
    save: async ({ location_id, name }) => {
      const { code } = await till.office.terminals.makeCode({ location_id });
      const state = await till.terminal.enrol({ server_url, code, name });
      signOutOfOffice();
      closeOffice();
      takeTillState(state);
    },
  });
  return (
    <Page title={entryText.deviceTitle}>
      <div className={styles.narrow}>
        <Card>
          <p className={styles.detail}>{entryText.deviceDetail}</p>
          <CardForm
            form={form}
            words={{ location_id: entryText.location, name: entryText.name }}
            save={entryText.enrol}
          >
            <Select
              label={entryText.location}
              placeholder={officeText.choose}
              choices={locations.map(({ location_id, name }) => [location_id as string, name])}
              chosen={form.draft.location_id === '' ? null : form.draft.location_id}
              error={form.fault('location_id')}
              onChoose={(location_id) => form.change({ location_id })}
            />
            <Field
              {...form.text('name')}
              label={entryText.name}
              hint={entryText.nameHint}
              placeholder={entryText.namePlaceholder}
              maxLength={60}
            />
          </CardForm>
        </Card>
      </div>
    </Page>
  );
}
