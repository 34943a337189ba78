// Draws 60 busts in the style "Open Peeps", to learn a model of one's own from (docs/own-models.md).
//
//   npm install @dicebear/core@9.4.3 @dicebear/open-peeps@9.4.3
//   node engines/vae_images/recipes/open-peeps.mjs drawings
//
// Design: Open Peeps by Pablo Stanley, CC0 1.0. Code: DiceBear, MIT.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.cwd(), 'index.js'));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { createAvatar } = await load('@dicebear/core');
const style = await load('@dicebear/open-peeps');

const into = process.argv[2] ?? 'drawings';
mkdirSync(into, { recursive: true });
for (let seed = 0; seed < 60; seed++) {
  const options = { seed: `${seed}`, size: 256, backgroundColor: ['f3eee6'] };
  const name = `${String(seed).padStart(2, '0')}.svg`;
  writeFileSync(join(into, name), createAvatar(style, options).toString());
}
