-- reads person, auction: who registered and opened an auction within the same 10 s.
CREATE STREAM newcomers AS
SELECT p.id AS id, p.name AS name, UNIX_TIMESTAMP(p.dateTime) / 10000 * 10000 AS starttime
FROM person p
JOIN auction a WITHIN 10 SECONDS ON p.id = a.seller
WHERE UNIX_TIMESTAMP(p.dateTime) / 10000 = UNIX_TIMESTAMP(a.dateTime) / 10000;

CREATE TABLE q8 AS
SELECT id AS k, starttime AS w, AS_VALUE(id) AS id, LATEST_BY_OFFSET(name) AS name, AS_VALUE(starttime) AS starttime
FROM newcomers
GROUP BY id, starttime;
