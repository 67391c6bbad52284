import { z } from 'zod';
import { clientIdSchema, locationIdSchema, terminalIdSchema } from '../../ids.ts';
import { clientSchema } from '../../people/client.ts';
import { locationFieldsSchema } from '../../people/location.ts';
import { terminalSchema } from '../../people/terminal.ts';
import { nameSchema } from '../../text.ts';
import { route } from '../access.ts';
import { ifMatchSchema, listOf, listQuery } from '../list.ts';
import { masterData } from './master-data.ts';

const terminalTags = ['terminals'];
const one = z.strictObject({ terminal_id: terminalIdSchema });

/** Stores and warehouses. Their ids are minted by the caller. */
export const locationsContract = masterData({
  path: 'locations',
  one: 'a location',
  write: 'warehouse.manage',
  key: { location_id: locationIdSchema },
  fields: locationFieldsSchema.shape,
  change: locationFieldsSchema.partial(),
  sorts: ['code', 'name', 'kind'],
  filters: { kind: locationFieldsSchema.shape.kind.optional() },
});

/** Customers whose goods are stored. Their ids are minted by the caller. */
export const clientsContract = masterData({
  path: 'clients',
  one: 'a client',
  write: 'lookup.manage',
  key: { client_id: clientIdSchema },
  fields: clientSchema.omit({ client_id: true }).shape,
  change: clientSchema.omit({ client_id: true }).partial(),
  sorts: ['code', 'name'],
});

export const terminalsContract = {
  list: route
    .route({ method: 'GET', path: '/api/v1/terminals', tags: terminalTags, summary: 'Enrolled terminals' })
    .meta({ needs: 'terminal.enrol' })
    .input(
      listQuery(['code', 'name', 'last_seen_at', 'enrolled_at']).extend({
        location_id: locationIdSchema.optional(),
        state: terminalSchema.shape.state.optional(),
      }),
    )
    .output(listOf(terminalSchema)),
  change: route
    .route({
      method: 'PATCH',
      path: '/api/v1/terminals/{terminal_id}',
      tags: terminalTags,
      summary: 'Rename a terminal, or move it to another location',
      description: 'A moved terminal keeps its identity and fetches the other location’s data anew.',
      inputStructure: 'detailed',
    })
    .meta({ needs: 'terminal.enrol' })
    .input(
      z.object({
        params: one,
        headers: ifMatchSchema,
        body: z.strictObject({ name: nameSchema(60).optional(), location_id: locationIdSchema.optional() }),
      }),
    )
    .output(terminalSchema),
  revoke: route
    .route({
      method: 'POST',
      path: '/api/v1/terminals/{terminal_id}/revoke',
      tags: terminalTags,
      summary: 'Take a terminal out of service',
      description: 'It can still deliver what happened on it, and gets nothing new. Cannot be undone.',
    })
    .meta({ needs: 'terminal.enrol' })
    .input(one)
    .output(terminalSchema),
  makeCode: route
    .route({
      method: 'POST',
      path: '/api/v1/terminals/enrolment-codes',
      tags: terminalTags,
      summary: 'Make a one-time code for a new terminal',
      successStatus: 201,
    })
    .meta({ needs: 'terminal.enrol' })
    .input(z.strictObject({ location_id: locationIdSchema }))
    .output(z.strictObject({ code: z.string(), expires_at: z.iso.datetime() })),
  makeReEnrolCode: route
    .route({
      method: 'POST',
      path: '/api/v1/terminals/{terminal_id}/re-enrol-code',
      tags: terminalTags,
      summary: 'Make a one-time code with which one copy goes on as this terminal',
      description:
        'The device that uses it goes on under a new epoch with a key of its own; a frozen terminal is in service ' +
        'again, and every other copy of it is out.',
      successStatus: 201,
    })
    .meta({ needs: 'terminal.enrol' })
    .input(one)
    .output(z.strictObject({ code: z.string(), expires_at: z.iso.datetime() })),
};
