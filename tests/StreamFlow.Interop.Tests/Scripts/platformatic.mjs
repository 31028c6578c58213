// Writes 300 lines with a codec, reads all lines of the topic as a member of a group, prints them. Usage: BROKER CODEC COUNT
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';

const [broker, codec, count] = process.argv.slice(2);
const options = { clientId: 'interop', bootstrapBrokers: [broker] };

const producer = new Producer({ ...options, serializers: stringSerializers, compression: codec, idempotent: true });
await producer.send({ messages: Array.from({ length: 300 }, (_, i) => ({ topic: 't', value: `platformatic-${i}` })) });
await producer.close();

const consumer = new Consumer({ ...options, groupId: 'platformatic', deserializers: stringDeserializers });
const stream = await consumer.consume({ topics: ['t'], mode: 'earliest', autocommit: true });
let seen = 0;
for await (const message of stream) {
  console.log(message.value);
  if (++seen === Number(count)) break;
}

process.exit(0);
