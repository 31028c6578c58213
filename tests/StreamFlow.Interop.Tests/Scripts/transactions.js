// Two transactions, one aborted; then reads what is committed. Usage: BROKER
const { Kafka, logLevel } = require('kafkajs');
const [broker] = process.argv.slice(2);

async function main() {
  const kafka = new Kafka({ clientId: 'interop', brokers: [broker], logLevel: logLevel.ERROR });
  const producer = kafka.producer({ transactionalId: 'js', idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const aborted = await producer.transaction();
  await aborted.send({ topic: 't', messages: [{ value: 'aborted' }] });
  await aborted.abort();
  const committed = await producer.transaction();
  await committed.send({ topic: 't', messages: [{ value: 'committed' }] });
  await committed.sendOffsets({ consumerGroupId: 'js-offsets', topics: [{ topic: 't', partitions: [{ partition: 0, offset: '1' }] }] });
  await committed.commit();
  await producer.disconnect();

  const admin = kafka.admin();
  await admin.connect();
  const [offsets] = await admin.fetchOffsets({ groupId: 'js-offsets', topics: ['t'] });
  console.log(offsets.partitions[0].offset);
  await admin.disconnect();
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
