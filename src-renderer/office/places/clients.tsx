import { v7 } from 'uuid';
import type { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { clientSchema } from '#shared/people/client.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { TextArea } from '../../part/text-area.tsx';
import type { RecordKind } from '../record-kind.ts';
import { forgetReferences } from '../references.ts';
import { placesText } from './text.ts';

type Client = z.infer<typeof clientSchema>;
type ClientDraft = { client_id: string; code: string; name: string; billing_address: string };

/** Customers whose goods are stored. */
export const clients: RecordKind<Client, ClientDraft> = {
  ...placesText.clients,
  empty: { icon: 'crate', title: placesText.clients.empty, detail: placesText.clients.emptyDetail },
  searchLabel: placesText.searchCodes,
  columns: [
    { key: 'code', title: placesText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: placesText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    {
      key: 'billing_address',
      title: placesText.billingAddress,
      show: ({ billing_address }) => billing_address,
    },
  ],
  sort: 'name',
  keyOf: ({ client_id }) => client_id,
  nameOf: ({ name }) => name,
  keys: ['client_id'],
  blank: () => ({ client_id: v7(), code: '', name: '', billing_address: '' }),
  draftOf: ({ client_id, code, name, billing_address }) => ({ client_id, code, name, billing_address }),
  check: (draft) => check(clientSchema, draft),
  words: {
    client_id: '',
    code: placesText.code,
    name: placesText.name,
    billing_address: placesText.billingAddress,
  },
  Fields: ({ form, isNew }) => (
    <>
      <Field {...form.text('name')} label={placesText.name} autoFocus={isNew} />
      <Field
        {...form.text('code')}
        onChange={(code) => form.change({ code: code.toUpperCase() })}
        label={placesText.code}
        hint={placesText.clientCodeHint}
        isCode
        maxLength={12}
      />
      <TextArea {...form.text('billing_address')} label={placesText.billingAddress} />
    </>
  ),
  calls: {
    list: (wanted) => till.office.clients.list(wanted),
    get: ({ client_id }) => till.office.clients.get({ client_id }),
    create: (client) => till.office.clients.create(client),
    change: ({ client_id, version }, { client_id: _id, ...body }) =>
      till.office.clients.change({ params: { client_id }, headers: ifMatch(version), body }),
    remove: ({ client_id, version }) =>
      till.office.clients.remove({ params: { client_id }, headers: ifMatch(version) }),
  },
  onChanged: () => forgetReferences('clients'),
};
