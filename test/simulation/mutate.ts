/**
 * Breaks the program on purpose while it is loaded (`node --import`, after the platform): the mutation named by
 * SIMULATED_MUTATION. The program itself knows nothing of it.
 */
import { registerHooks } from 'node:module';
import { MUTATIONS } from './mutations.ts';

const mutation = MUTATIONS.find(({ name }) => name === process.env.SIMULATED_MUTATION);
if (!mutation) throw new Error(`there is no mutation ${process.env.SIMULATED_MUTATION}`);
const { name, changes = [] } = mutation;
const files = new Map(changes.map(({ file }) => [new URL(`../../${file}`, import.meta.url).href, file]));

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    const file = files.get(url);
    if (file === undefined) return loaded;
    let text = String(loaded.source);
    for (const { find, put } of changes.filter((change) => change.file === file)) {
      if (text.split(find).length !== 2) throw new Error(`${name}: ${file} does not have this once: ${find}`);
      text = text.replace(find, () => put);
    }
    return { ...loaded, source: text };
  },
});
