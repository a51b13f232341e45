import { isTrouble, type Suite, type SuiteCase } from './suite-case.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What went wrong in a suite as SARIF 2.1.0 (OASIS 2020), which code scanning reads. `version` is Momus's own. */
export function sarif({ cases }: Suite, version: string): string {
  const troubles = cases.filter(isTrouble);
  const kinds = [...new Set(troubles.map(({ kind }) => kind))];
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Momus',
            semanticVersion: version,
            rules: kinds.map((kind) => ({ id: kind, shortDescription: { text: kind.replaceAll('-', ' ') } })),
          },
        },
        results: troubles.map((one) => resultOf(one, kinds)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(
  { file, state, kind, found, explanation, line, column }: SuiteCase,
  kinds: readonly string[],
) {
  const region = { startLine: line ?? 1, ...(column === undefined ? {} : { startColumn: column }) };
  return {
    ruleId: kind,
    ruleIndex: kinds.indexOf(kind),
    level: state === 'unknown' ? 'warning' : 'error',
    message: { text: explanation === '' ? found : explanation },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
    // The same spec with the same finding is the same alert, run after run.
    partialFingerprints: { 'momus/v1': `${file}:${kind}` },
  };
}

/** A relative reference stays one, so that it is found in the repository. */
function uriOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
