import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectAround } from '../../src/linux/npm-install.ts';
import { installedVersion, npmInstall } from '../../src/linux/npm-packages.ts';
import { requirementsOf } from '../../src/spec/requirements.ts';
import { linuxSystems } from '../../src/systems/linux/registry.ts';

test('what the built-in systems need of npm stands in package.json, in the same version', () => {
  const { peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync('package.json', 'utf8'));
  const needed = Object.values(linuxSystems).flatMap((system) => requirementsOf(system).npm);
  expect(needed.length).toBeGreaterThan(0);
  for (const { name, version } of needed) {
    expect(peerDependencies).toMatchObject({ [name]: version });
    expect(peerDependenciesMeta).toMatchObject({ [name]: { optional: true } });
  }
});

test('a package is found by its folder, and one that is not there is missing', () => {
  expect(installedVersion({ name: 'pg', version: '8.23.1' })).toBe('8.23.1');
  expect(installedVersion({ name: 'no-such-package-here', version: '1.0.0' })).toBeNull();
  expect(
    npmInstall([
      { name: 'pg', version: '8.23.1' },
      { name: 'nats', version: '2.29.3' },
    ]),
  ).toBe('npm install pg@8.23.1 nats@2.29.3');
});

test('packages go into the project that has Momus, and nowhere where there is none', () => {
  expect(projectAround('/home/me/project/node_modules/momus/dist/src/linux/npm-install.js')).toBe(
    '/home/me/project',
  );
  expect(projectAround('/usr/lib/node_modules/momus/dist/src/linux/npm-install.js')).toBe('/usr/lib');
  expect(projectAround('/home/me/momus/src/linux/npm-install.ts')).toBeNull();
});
