import type { AnyModel } from '../model.ts';
import { queueModel, stackModel } from './containers.ts';
import { counterModel } from './counter.ts';
import { keyValueModel } from './key-value.ts';
import { mutexModel, semaphoreModel } from './lock.ts';
import { multiRegisterModel } from './multi-register.ts';
import { setModel } from './set.ts';

/** The models known by name. `register` and `cas-register` are one: `read`, `write`, `cas`. */
export const MODEL_NAMES = [
  'register',
  'cas-register',
  'multi-register',
  'key-value',
  'counter',
  'set',
  'queue',
  'stack',
  'mutex',
  'semaphore',
] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

/**
 * The model of this name; undefined for registers, which have their own encoding. A semaphore has one permit.
 */
export function namedModel(name: ModelName, initial: unknown): AnyModel | undefined {
  switch (name) {
    case 'register':
    case 'cas-register':
      return undefined;
    case 'multi-register':
      return multiRegisterModel(initial);
    case 'key-value':
      return keyValueModel;
    case 'counter':
      return counterModel;
    case 'set':
      return setModel;
    case 'queue':
      return queueModel;
    case 'stack':
      return stackModel;
    case 'mutex':
      return mutexModel;
    case 'semaphore':
      return semaphoreModel(1);
  }
}
