-- The topics of the auction workload. Every record's timestamp is its dateTime.
SET 'auto.offset.reset' = 'earliest';
SET 'ksql.persistence.default.format.key' = 'JSON';
CREATE STREAM person (id BIGINT, name STRING, emailAddress STRING, creditCard STRING, city STRING, state STRING, dateTime TIMESTAMP, extra STRING)
  WITH (KAFKA_TOPIC = 'person', VALUE_FORMAT = 'JSON');
CREATE STREAM auction (id BIGINT, itemName STRING, description STRING, initialBid BIGINT, reserve BIGINT, dateTime TIMESTAMP,
    expires TIMESTAMP, seller BIGINT, category BIGINT, extra STRING)
  WITH (KAFKA_TOPIC = 'auction', VALUE_FORMAT = 'JSON');
CREATE STREAM bid (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, dateTime TIMESTAMP, extra STRING)
  WITH (KAFKA_TOPIC = 'bid', VALUE_FORMAT = 'JSON');
CREATE TABLE side (`key` BIGINT PRIMARY KEY, `value` STRING) WITH (KAFKA_TOPIC = 'side', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON');
