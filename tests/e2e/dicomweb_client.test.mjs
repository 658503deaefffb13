// What OHIF does with a node through its web client; dicomweb_client_test.py starts one.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { api } = require('dicomweb-client');
const dcmjs = require('dcmjs');

// The client speaks XMLHttpRequest, which Node has not: as much of it as the client uses.
globalThis.XMLHttpRequest = class {
  #headers = {};
  open(method, url) { Object.assign(this, { method, url }); }
  setRequestHeader(name, value) { this.#headers[name] = value; }
  getResponseHeader(name) { return this.answer.headers.get(name); }
  getAllResponseHeaders() { return [...this.answer.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n'); }
  async send(body) {
    this.answer = await fetch(this.url, { method: this.method, headers: this.#headers, body });
    this.status = this.answer.status;
    const bytes = await this.answer.arrayBuffer();
    const text = new TextDecoder().decode(bytes);
    this.response = this.responseType === 'arraybuffer' ? bytes
      : this.responseType === 'json' ? (text ? JSON.parse(text) : null) : text;
    if (this.responseType !== 'arraybuffer') this.responseText = text;
    this.readyState = 4;
    this.onreadystatechange?.();
  }
};

const { NODE_URL, NODE_TOKEN, OTHER_TOKEN, CASE, STUDY, SERIES, INSTANCE } = process.env;
const clientOf = (token) => new api.DICOMwebClient({ url: `${NODE_URL}/dicomweb`, headers: { Authorization: `Bearer ${token}` } });
const client = clientOf(NODE_TOKEN);
const value = (dataset, tag) => dataset[tag]?.Value?.[0];
// What was marked on the case's images, as its page lists it.
const marks = async () => {
  const answer = await fetch(`${NODE_URL}/care/cases/${CASE}`, { headers: { Authorization: `Bearer ${NODE_TOKEN}` } });
  assert.equal(answer.status, 200);
  return (await answer.json()).timeline.filter((entry) => entry.kind === 'result').map((entry) => entry.target);
};
const film = { studyInstanceUID: STUDY, seriesInstanceUID: SERIES, sopInstanceUID: INSTANCE };

test('finds and retrieves a study', async () => {
  const [study] = await client.searchForStudies({ queryParams: { StudyInstanceUID: STUDY } });
  assert.equal(value(study, '0020000D'), STUDY);
  const metadata = await client.retrieveSeriesMetadata(film);
  assert.equal(value(metadata[0], '00080018'), INSTANCE);
  const file = dcmjs.data.DicomMessage.readFile(await client.retrieveInstance(film));
  const { Rows, Columns, BitsAllocated } = dcmjs.data.DicomMetaDictionary.naturalizeDataset(file.dict);
  const [frame] = await client.retrieveInstanceFrames({ ...film, frameNumbers: [1] });
  assert.equal(frame.byteLength, (Rows * Columns * BitsAllocated) / 8);
});

test('a measurement comes back as a report and is shown with the case', async () => {
  const [image] = await client.retrieveSeriesMetadata(film);
  const modules = {
    generalSeriesModule: { studyInstanceUID: STUDY, seriesInstanceUID: SERIES },
    sopCommonModule: { sopClassUID: value(image, '00080016'), sopInstanceUID: INSTANCE },
  };
  const length = { handles: { start: { x: 10, y: 20 }, end: { x: 110, y: 20 } }, length: 42.5, uid: 'measured' };
  const report = dcmjs.adapters.Cornerstone.MeasurementReport.generateReport(
    { film: { Length: { data: [length] } } }, { get: (type) => modules[type] });
  const dataset = report.dataset;
  Object.assign(dataset, {
    PatientID: value(image, '00100020'), PatientName: value(image, '00100010'), SeriesDescription: 'Measured in the viewer',
    PatientBirthDate: value(image, '00100030') ?? '', PatientSex: value(image, '00100040') ?? '',
  });
  await client.storeInstances({ datasets: [dcmjs.data.datasetToDict(dataset).write()], studyInstanceUID: STUDY });

  const [series] = await client.searchForSeries({ studyInstanceUID: STUDY, queryParams: { Modality: 'SR', SeriesInstanceUID: dataset.SeriesInstanceUID } });
  assert.equal(value(series, '0008103E'), 'Measured in the viewer');
  const [stored] = await client.retrieveSeriesMetadata({ studyInstanceUID: STUDY, seriesInstanceUID: dataset.SeriesInstanceUID });
  const content = JSON.stringify(stored['0040A730']);
  assert.match(content, /42\.5/);
  assert.ok(content.includes(INSTANCE), 'it refers to the film');

  assert.ok((await marks()).includes(dataset.SOPInstanceUID));
  await assert.rejects(clientOf(OTHER_TOKEN).retrieveSeriesMetadata({ studyInstanceUID: STUDY, seriesInstanceUID: dataset.SeriesInstanceUID }));
});
