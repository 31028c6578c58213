-- Run with: ./streamflow test examples/sql/late-payments.test.sql

--@test: a payment joins its order
CREATE STREAM orders (id INT KEY, amount DECIMAL(8, 2)) WITH (kafka_topic = 'orders', value_format = 'JSON');
CREATE STREAM payments (order_id INT KEY, paid BOOLEAN) WITH (kafka_topic = 'payments', value_format = 'JSON');
CREATE STREAM paid_orders AS
  SELECT o.id, o.amount, p.paid FROM orders o LEFT JOIN payments p WITHIN 1 HOUR ON o.id = p.order_id;
ASSERT STREAM paid_orders (id INT KEY, amount DECIMAL(8, 2), paid BOOLEAN) WITH (kafka_topic = 'PAID_ORDERS', value_format = 'JSON');

INSERT INTO orders (id, amount, ROWTIME) VALUES (1, 10.50, 1000);
INSERT INTO payments (order_id, paid, ROWTIME) VALUES (1, TRUE, 2000);
ASSERT VALUES paid_orders (id, amount, paid, ROWTIME) VALUES (1, 10.50, NULL, 1000);
ASSERT VALUES paid_orders (id, paid, ROWTIME) VALUES (1, TRUE, 2000);

--@test: a customer without open orders disappears
CREATE TABLE customers (id STRING PRIMARY KEY, open INT) WITH (kafka_topic = 'customers', value_format = 'JSON');
CREATE TABLE busy AS SELECT id, open FROM customers WHERE open > 0;
INSERT INTO customers (id, open) VALUES ('ada', 2);
INSERT INTO customers (id, open) VALUES ('ada', 0);
ASSERT VALUES busy (id, open) VALUES ('ada', 2);
ASSERT NULL VALUES busy (id) KEY ('ada');

--@test: orders in an hour
CREATE STREAM orders (id INT KEY, shop STRING) WITH (kafka_topic = 'orders', value_format = 'JSON');
CREATE TABLE hourly AS SELECT shop, COUNT(*) AS n FROM orders WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY shop;
INSERT INTO orders (id, shop, ROWTIME) VALUES (1, 'north', 0);
INSERT INTO orders (id, shop, ROWTIME) VALUES (2, 'north', 3600000);
ASSERT VALUES hourly (shop, n, WINDOWSTART, WINDOWEND) VALUES ('north', 1, 0, 3600000);
ASSERT VALUES hourly (shop, n, WINDOWSTART) VALUES ('north', 1, 3600000);

--@test: a misspelt column is refused
--@expected.message: There is no column AMOUNTT
CREATE STREAM orders (id INT KEY, amount DOUBLE) WITH (kafka_topic = 'orders', value_format = 'JSON');
CREATE STREAM big AS SELECT id, amountt FROM orders;
