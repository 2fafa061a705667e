// The table of run.sh: of each network and stage how many metamers of either preset met the criteria, and how well they match.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const middle = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const totals = { feather2023: 0, fast: 0 };
let all = 0;
console.log('| net | stage | feather2023: accepted | median loss | median dB | fast: accepted | median loss | median dB |\n|---|---|---|---|---|---|---|---|');
for (const model of ['standard', 'robust']) {
  const of = preset => JSON.parse(readFileSync(join(process.argv[2], `${model}-${preset}.json`))).metamers;
  const made = { feather2023: of('feather2023'), fast: of('fast') };
  for (const stage of new Set(made.fast.map(m => m.stage))) {
    const cells = Object.entries(made).map(([preset, metamers]) => {
      const here = metamers.filter(m => m.stage === stage);
      const accepted = here.filter(m => m.accepted).length;
      totals[preset] += accepted;
      if (preset === 'fast') all += here.length;
      return `${accepted} of ${here.length} | ${middle(here.map(m => m.loss)).toPrecision(3)} | ${middle(here.map(m => m.snrDb)).toFixed(1)}`;
    });
    console.log(`| ${model} | ${stage} | ${cells.join(' | ')} |`);
  }
}
console.log(`\nAccepted in all: feather2023 ${totals.feather2023}, fast ${totals.fast}, of ${all} each.`);
