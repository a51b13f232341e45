import type { System } from '../../world/system.ts';
import { etcd } from './etcd/etcd.ts';

/** Every built-in system of real servers by its name. */
export const linuxSystems: Readonly<Record<string, System>> = {
  etcd,
};
