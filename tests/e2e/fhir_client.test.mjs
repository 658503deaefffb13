// What a program written with fhir-kit-client does with a node; fhir_client_test.py starts one.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import Client from 'fhir-kit-client';

const baseUrl = process.env.FHIR_URL;
const client = new Client({ baseUrl, bearerToken: process.env.FHIR_TOKEN });
const other = new Client({ baseUrl, bearerToken: process.env.FHIR_OTHER_TOKEN });
const system = 'urn:fhir-kit-client';
let patient;

const newPatient = (value) => ({
  resourceType: 'Patient',
  identifier: [{ system, value }],
  name: [{ family: 'Kit', given: [value] }],
  birthDate: '1970-01-31',
});
const status = (promise) => promise.then(() => 200, (error) => error.response.status);
const ids = (bundle) => (bundle.entry ?? []).map((entry) => entry.resource.id).sort();

before(async () => {
  patient = await client.create({ resourceType: 'Patient', body: newPatient('first') });
});

test('the capability statement says what the client needs to know', async () => {
  const statement = await client.capabilityStatement();
  assert.equal(statement.resourceType, 'CapabilityStatement');
  assert.equal(statement.fhirVersion, '4.0.1');
  const { response } = Client.httpFor(statement);
  assert.match(response.headers.get('content-type'), /^application\/fhir\+json/);
});

test('create, read and vread', async () => {
  assert.ok(patient.id);
  assert.equal(Client.httpFor(patient).response.status, 201);
  const read = await client.read({ resourceType: 'Patient', id: patient.id });
  assert.deepEqual(read, patient);
  const version = await client.vread({ resourceType: 'Patient', id: patient.id, version: '1' });
  assert.equal(version.meta.versionId, '1');
  const resolved = await client.resolve({ reference: `Patient/${patient.id}` });
  assert.equal(resolved.id, patient.id);
});

test('update keeps to If-Match', async () => {
  const made = await client.create({ resourceType: 'Patient', body: newPatient('update') });
  const body = { ...made, gender: 'female' };
  const options = { headers: { 'If-Match': 'W/"1"' } };
  const updated = await client.update({ resourceType: 'Patient', id: made.id, body, options });
  assert.equal(updated.meta.versionId, '2');
  assert.equal(updated.gender, 'female');
  assert.equal(await status(client.update({ resourceType: 'Patient', id: made.id, body, options })), 412);
});

test('a conditional update creates, then changes', async () => {
  const searchParams = { identifier: `${system}|conditional` };
  const body = newPatient('conditional');
  const created = await client.update({ resourceType: 'Patient', searchParams, body });
  assert.equal(Client.httpFor(created).response.status, 201);
  const changed = await client.update({ resourceType: 'Patient', searchParams, body: { ...body, active: true } });
  assert.equal(changed.id, created.id);
  assert.equal(changed.meta.versionId, '2');
});

test('patch', async () => {
  const made = await client.create({ resourceType: 'Patient', body: newPatient('patch') });
  const JSONPatch = [{ op: 'replace', path: '/birthDate', value: '1971-02-01' }];
  const patched = await client.patch({ resourceType: 'Patient', id: made.id, JSONPatch });
  assert.equal(patched.birthDate, '1971-02-01');
  const wrong = client.patch({ resourceType: 'Patient', id: made.id, JSONPatch: [{ op: 'remove', path: '/none' }] });
  await assert.rejects(wrong, (error) => error.response.data.resourceType === 'OperationOutcome');
});

test('delete', async () => {
  const made = await client.create({ resourceType: 'Patient', body: newPatient('delete') });
  await client.delete({ resourceType: 'Patient', id: made.id });
  assert.equal(await status(client.read({ resourceType: 'Patient', id: made.id })), 410);
});

test('search by GET and by POST finds the same', async () => {
  const search = { resourceType: 'Patient', searchParams: { identifier: `${system}|first`, birthdate: 'ge1970' } };
  const byGet = await client.search(search);
  const byPost = await client.search({ ...search, options: { postSearch: true } });
  assert.equal(byGet.type, 'searchset');
  assert.deepEqual(ids(byGet), [patient.id]);
  assert.deepEqual(ids(byPost), [patient.id]);
  const everywhere = await client.search({ searchParams: { _type: 'Patient', _id: patient.id } });
  assert.deepEqual(ids(everywhere), [patient.id]);
  assert.equal(await status(client.search({ resourceType: 'Patient', searchParams: { nonsense: '1' } })), 400);
});

test('pages follow one another to the end', async () => {
  const family = 'Pages';
  const made = [];
  for (const given of ['1', '2', '3', '4', '5']) {
    const body = { ...newPatient(given), name: [{ family, given: [given] }] };
    made.push((await client.create({ resourceType: 'Patient', body })).id);
  }
  const seen = [];
  let bundle = await client.search({ resourceType: 'Patient', searchParams: { family, _count: '2' } });
  while (bundle) {
    seen.push(...ids(bundle));
    bundle = await client.nextPage({ bundle });
  }
  assert.deepEqual(seen.sort(), made.sort());
});

test('history of an instance, a type and the system', async () => {
  const made = await client.create({ resourceType: 'Patient', body: newPatient('history') });
  await client.update({ resourceType: 'Patient', id: made.id, body: { ...made, active: true } });
  const instance = await client.history({ resourceType: 'Patient', id: made.id });
  assert.deepEqual(instance.entry.map((entry) => entry.resource.meta.versionId), ['2', '1']);
  assert.ok((await client.history({ resourceType: 'Patient' })).entry.length > 1);
  assert.equal((await client.history()).type, 'history');
});

test('a transaction joins its entries', async () => {
  const body = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:6c0d6c1e-6a48-4ddc-9ad8-3c2f5b8f1a11',
        resource: newPatient('transaction'),
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'weight' },
          subject: { reference: 'urn:uuid:6c0d6c1e-6a48-4ddc-9ad8-3c2f5b8f1a11' },
          valueQuantity: { value: 70.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
        },
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
  const answer = await client.transaction({ body });
  assert.equal(answer.type, 'transaction-response');
  assert.deepEqual(answer.entry.map((entry) => entry.response.status.slice(0, 3)), ['201', '201']);
  const [, id] = answer.entry[0].response.location.match(/Patient\/([^/]+)/);
  const found = await client.search({ resourceType: 'Observation', searchParams: { subject: `Patient/${id}` } });
  assert.equal(found.entry[0].resource.valueQuantity.value, 70.5);
  const compartment = { resourceType: 'Patient', id };
  assert.deepEqual(ids(await client.search({ resourceType: 'Observation', compartment })), ids(found));
});

test('a batch answers each entry by itself', async () => {
  const entry = [`Patient/${patient.id}`, 'Patient/none'].map((url) => ({ request: { method: 'GET', url } }));
  const answer = await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } });
  assert.deepEqual(answer.entry.map((item) => item.response.status.slice(0, 3)), ['200', '404']);
});

test('operations by GET and by POST', async () => {
  const input = { url: 'http://hl7.org/fhir/ValueSet/administrative-gender', filter: 'fem' };
  const expanded = await client.operation({ name: 'expand', resourceType: 'ValueSet', method: 'GET', input });
  assert.deepEqual(expanded.expansion.contains.map((item) => item.code), ['female']);
  const looked = await client.operation({
    name: '$lookup',
    resourceType: 'CodeSystem',
    input: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'system', valueUri: 'http://hl7.org/fhir/administrative-gender' },
        { name: 'code', valueCode: 'male' },
      ],
    },
  });
  assert.equal(looked.parameter.find((item) => item.name === 'display').valueString, 'Male');
  const all = await client.operation({ name: 'everything', resourceType: 'Patient', id: patient.id, method: 'GET' });
  assert.ok(ids(all).includes(patient.id));
  const judged = await client.operation({ name: 'validate', resourceType: 'Patient', input: newPatient('validate') });
  assert.equal(judged.resourceType, 'OperationOutcome');
});

test('another clinic sees nothing of it', async () => {
  assert.equal(await status(other.read({ resourceType: 'Patient', id: patient.id })), 404);
  const found = await other.search({ resourceType: 'Patient', searchParams: { identifier: `${system}|first` } });
  assert.deepEqual(ids(found), []);
  const unknown = new Client({ baseUrl });
  assert.equal(await status(unknown.read({ resourceType: 'Patient', id: patient.id })), 401);
});
