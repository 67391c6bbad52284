import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { openApiDocument } from './openapi.ts';

/** `/openapi.json`, and `/docs`, a page to read and try it. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  const document = await openApiDocument();
  app.get('/openapi.json', async () => document);
  await app.register(swagger, {
    mode: 'static',
    specification: { document: document as StaticDocumentSpec['document'] },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
}
