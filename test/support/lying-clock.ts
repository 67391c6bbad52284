import { readFileSync } from 'node:fs';

/**
 * Loaded into a process before anything else: its wall clock is off by as many ms as stand in the file that the query
 * of this module's address names, looked up whenever somebody asks for the time. The steady clock stays as it is.
 */
const file = new URL(import.meta.url).searchParams.get('file');
if (file !== null) {
  const honest = Date.now;
  const lie = () => honest() + Number(readFileSync(file, 'utf8'));
  const Honest = Date;
  globalThis.Date = new Proxy(Honest, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [lie()] : args, newTarget),
    get: (target, name, receiver) => (name === 'now' ? lie : Reflect.get(target, name, receiver)),
  });
}
