import { member } from '../access.ts';
import { listRows, readRow } from '../master-data/read-rows.ts';
import { changeRow, createRow, removeRow } from '../master-data/write-rows.ts';
import { CLIENT, LOCATION } from './places.ts';

export const locationRoutes = {
  list: member.locations.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, LOCATION, input),
  ),
  get: member.locations.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, LOCATION, input),
  ),
  create: member.locations.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, LOCATION, input),
  ),
  change: member.locations.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, LOCATION, input),
  ),
  remove: member.locations.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, LOCATION, input),
  ),
};

export const clientRoutes = {
  list: member.clients.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, CLIENT, input),
  ),
  get: member.clients.get.handler(({ input, context: { tx, actor } }) => readRow(tx, actor, CLIENT, input)),
  create: member.clients.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, CLIENT, input),
  ),
  change: member.clients.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, CLIENT, input),
  ),
  remove: member.clients.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, CLIENT, input),
  ),
};
