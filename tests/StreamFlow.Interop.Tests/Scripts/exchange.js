// Writes 300 lines with a codec, reads all lines of the topic as a member of a group, prints them. Usage: BROKER CODEC COUNT
const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = require('kafkajs');
const [broker, codec, count] = process.argv.slice(2);

CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy');
const lz4 = require('lz4js');
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});
const zstd = new Promise((resolve) => require('zstd-codec').ZstdCodec.run((z) => resolve(new z.Simple())));
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder) => Buffer.from((await zstd).compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from((await zstd).decompress(buffer)),
});

async function main() {
  const kafka = new Kafka({ clientId: 'interop', brokers: [broker], logLevel: logLevel.ERROR });
  const compression = CompressionTypes[{ none: 'None', gzip: 'GZIP', snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' }[codec]];
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const messages = Array.from({ length: 300 }, (_, i) => ({ value: `js-${i}` }));
  await producer.send({ topic: 't', compression, messages });
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: 'js' });
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  let seen = 0;
  await new Promise((resolve) => consumer.run({
    eachMessage: async ({ message }) => {
      console.log(message.value.toString());
      if (++seen === Number(count)) resolve();
    },
  }));
  await consumer.disconnect();
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
