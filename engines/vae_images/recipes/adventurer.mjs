// Writes the drawing style "Adventurer" as plain data: every part's SVG with
// {skin} and {hair} where a colour goes, the layout, the style's own colours
// and odds, and whom to credit. engines/vae_images/data_sets/faces.py draws from it.
//
//   npm install @dicebear/core@9.4.3 @dicebear/adventurer@9.4.3
//   node engines/vae_images/recipes/adventurer.mjs adventurer.json
//   xz -9e adventurer.json        # -> engines/vae_images/data/adventurer.json.xz
//
// Design: Adventurer by Lisa Wischofsky, CC BY 4.0. Code: DiceBear, MIT.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.cwd(), 'index.js'));
const packageFolder = join(dirname(require.resolve('@dicebear/adventurer')), '..');
const load = (file) => import(pathToFileURL(join(packageFolder, 'lib', file)));
const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));

const { create, meta, schema } = await load('index.js');
const groups = await load('components/index.js');

const placeholders = { skin: '{skin}', hair: '{hair}' };
const parts = {};
for (const [group, variants] of Object.entries(groups)) {
  parts[group] = {};
  for (const name of Object.keys(variants).sort()) {
    parts[group][name] = variants[name]({}, placeholders);
  }
}

// The layout, read off one face that wears everything: each part gives way to
// its name. The hair chosen here is one that leaves the ears free.
const wear = Object.fromEntries(Object.keys(parts).map((g) => [g, Object.keys(parts[g])[0]]));
wear.hair = 'short01';
const options = Object.fromEntries(Object.entries(wear).map(([g, v]) => [g, [v]]));
for (const g of ['features', 'glasses', 'hair', 'earrings']) options[`${g}Probability`] = 100;
const prng = { pick: (list, fallback) => list[0] ?? fallback, bool: () => true };
const sample = create({ prng, options: { ...options, skinColor: ['aaaaaa'], hairColor: ['bbbbbb'] } });
let layout = sample.body;
for (const [group, name] of Object.entries(wear)) {
  const drawn = parts[group][name].replaceAll('{skin}', '#aaaaaa').replaceAll('{hair}', '#bbbbbb');
  if (!layout.includes(drawn)) throw new Error(`the layout has no place for ${group}`);
  layout = layout.replace(drawn, `{${group}}`);
}

const odds = {};
for (const group of ['features', 'glasses', 'hair', 'earrings']) {
  odds[group] = schema.properties[`${group}Probability`].default / 100;
}

// From lib/hooks/onPostCreate.js: these hide the ears.
const hooks = readFileSync(join(packageFolder, 'lib', 'hooks', 'onPostCreate.js'), 'utf8');
const hidden = [...hooks.matchAll(/'(long\d+|short\d+)'/g)].map((m) => m[1]).sort();

const style = {
  name: 'adventurer',
  package: `@dicebear/adventurer@${version}`,
  licence: { design: meta.license, code: 'MIT, Copyright (c) 2024 Florian Körner' },
  credit: `"${meta.title}" by ${meta.creator} (${meta.homepage}), ${meta.license.name}; ${meta.source}`,
  view_box: sample.attributes.viewBox,
  layout,
  parts,
  odds,
  hair_hiding_ears: hidden,
  skin_colours: schema.properties.skinColor.default.map((c) => `#${c}`),
  hair_colours: schema.properties.hairColor.default.map((c) => `#${c}`),
};
writeFileSync(process.argv[2] ?? 'adventurer.json', JSON.stringify(style));
