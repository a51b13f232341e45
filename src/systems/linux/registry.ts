import type { System } from '../../world/system.ts';
import { antietcd } from './antietcd/antietcd.ts';
import { etcd } from './etcd/etcd.ts';
import { mariadbGalera } from './mariadb-galera/mariadb-galera.ts';
import { nats } from './nats/nats.ts';
import { postgres } from './postgres/postgres.ts';
import { rabbitmq } from './rabbitmq/rabbitmq.ts';
import { redisCluster } from './redis-cluster/redis-cluster.ts';
import { redisSentinel } from './redis-sentinel/redis-sentinel.ts';
import { zookeeper } from './zookeeper/zookeeper.ts';

/** Every built-in system of real servers by its name. */
export const linuxSystems: Readonly<Record<string, System>> = {
  etcd,
  postgres,
  'redis-sentinel': redisSentinel,
  'redis-cluster': redisCluster,
  zookeeper,
  nats,
  antietcd,
  rabbitmq,
  'mariadb-galera': mariadbGalera,
};
