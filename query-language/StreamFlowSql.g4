// The grammar of StreamFlow's SQL dialect.
//
// Parser rules first, lexer rules after; generate.sh turns this file into src/StreamFlow.Sql/Parsing/Generated.
// Keywords ignore case. Words listed in `nonReserved` are keywords and plain identifiers alike.
grammar StreamFlowSql;

options { caseInsensitive = true; }

script
    : (statement SEMICOLON)* EOF
    ;

statement
    : query                                                                                     # queryStatement
    | CREATE orReplace? SOURCE? STREAM ifNotExists? sourceName tableElements? withClause?        # createStream
    | CREATE orReplace? SOURCE? TABLE ifNotExists? sourceName tableElements? withClause?         # createTable
    | CREATE orReplace? STREAM ifNotExists? sourceName withClause? AS query                      # createStreamAs
    | CREATE orReplace? TABLE ifNotExists? sourceName withClause? AS query                       # createTableAs
    | INSERT INTO sourceName withClause? query                                                  # insertInto
    | INSERT INTO sourceName columnNames? VALUES LPAREN expression (COMMA expression)* RPAREN    # insertValues
    | ALTER (STREAM | TABLE) sourceName alterOption (COMMA alterOption)*                         # alterSource
    | DROP STREAM ifExists? sourceName (DELETE TOPIC)?                                          # dropStream
    | DROP TABLE ifExists? sourceName (DELETE TOPIC)?                                           # dropTable
    | CREATE TYPE ifNotExists? identifier AS type                                               # createType
    | DROP TYPE ifExists? identifier                                                            # dropType
    | CREATE (SINK | SOURCE) CONNECTOR ifNotExists? identifier withClause                        # createConnector
    | DROP CONNECTOR ifExists? identifier                                                       # dropConnector
    | (LIST | SHOW) PROPERTIES                                                                  # showProperties
    | (LIST | SHOW) ALL? TOPICS EXTENDED?                                                       # showTopics
    | (LIST | SHOW) STREAMS EXTENDED?                                                           # showStreams
    | (LIST | SHOW) TABLES EXTENDED?                                                            # showTables
    | (LIST | SHOW) FUNCTIONS                                                                   # showFunctions
    | (LIST | SHOW) (SOURCE | SINK)? CONNECTORS                                                 # showConnectors
    | (LIST | SHOW) CONNECTOR PLUGINS                                                           # showConnectorPlugins
    | (LIST | SHOW) TYPES                                                                       # showTypes
    | (LIST | SHOW) VARIABLES                                                                   # showVariables
    | (LIST | SHOW) QUERIES EXTENDED?                                                           # showQueries
    | DESCRIBE STREAMS EXTENDED?                                                                # describeStreams
    | DESCRIBE TABLES EXTENDED?                                                                 # describeTables
    | DESCRIBE FUNCTION identifier                                                              # describeFunction
    | DESCRIBE CONNECTOR identifier                                                             # describeConnector
    | DESCRIBE sourceName EXTENDED?                                                             # describeSource
    | EXPLAIN CODE? (statement | identifier)                                                    # explain
    | PRINT topicName (FROM BEGINNING)? ((INTERVAL | SAMPLE) number)? (LIMIT number)?           # printTopic
    | TERMINATE (ALL | identifier)                                                              # terminateQuery
    | PAUSE (ALL | identifier)                                                                  # pauseQuery
    | RESUME (ALL | identifier)                                                                 # resumeQuery
    | SET STRING EQ STRING                                                                      # setProperty
    | UNSET STRING                                                                              # unsetProperty
    | ALTER SYSTEM STRING EQ STRING                                                             # alterSystem
    | DEFINE variableName EQ STRING                                                             # defineVariable
    | UNDEFINE variableName                                                                     # undefineVariable
    | ASSERT (NOT EXISTS)? TOPIC topicName withClause? timeout?                                 # assertTopic
    | ASSERT (NOT EXISTS)? SCHEMA (SUBJECT topicName)? (ID number)? timeout?                    # assertSchema
    | ASSERT VALUES sourceName columnNames? VALUES LPAREN expression (COMMA expression)* RPAREN # assertValues
    | ASSERT NULL VALUES sourceName columnNames? KEY LPAREN expression (COMMA expression)* RPAREN # assertTombstone
    | ASSERT STREAM sourceName tableElements? withClause?                                       # assertStream
    | ASSERT TABLE sourceName tableElements? withClause?                                        # assertTable
    ;

orReplace : OR REPLACE ;

ifNotExists : IF NOT EXISTS ;

ifExists : IF EXISTS ;

timeout : TIMEOUT number windowUnit ;

alterOption : ADD COLUMN? identifier type ;

tableElements : LPAREN tableElement (COMMA tableElement)* RPAREN ;

tableElement : identifier type columnConstraint? ;

columnConstraint
    : PRIMARY KEY
    | KEY
    | HEADERS
    | HEADER LPAREN STRING RPAREN
    ;

columnNames : LPAREN identifier (COMMA identifier)* RPAREN ;

withClause : WITH LPAREN (property (COMMA property)*)? RPAREN ;

property : (identifier | STRING) EQ literal ;

query
    : SELECT selectItem (COMMA selectItem)*
      FROM relation joinedRelation*
      (WINDOW windowExpression)?
      (WHERE where=expression)?
      (GROUP BY groupBy=expressionList)?
      (PARTITION BY partitionBy=expressionList)?
      (HAVING having=expression)?
      (EMIT (CHANGES | FINAL))?
      (LIMIT (limit=number | limitVariable=VARIABLE))?
    ;

expressionList : expressionListItem (COMMA expressionListItem)* ;

expressionListItem
    : expression
    | LPAREN (expression (COMMA expression)*)? RPAREN
    ;

selectItem
    : primaryExpression ARROW STAR                                      # selectStructAll
    | identifier DOT STAR                                               # selectSourceAll
    | STAR                                                              # selectAll
    | expression (AS? identifier)?                                      # selectExpression
    ;

relation : sourceName (AS? sourceName)? ;

joinedRelation : joinType relation within? ON on=expression ;

joinType
    : INNER? JOIN           # innerJoin
    | LEFT OUTER? JOIN      # leftJoin
    | RIGHT OUTER? JOIN     # rightJoin
    | FULL OUTER? JOIN      # fullJoin
    ;

within
    : WITHIN duration gracePeriod?
    | WITHIN LPAREN before=duration COMMA after=duration RPAREN gracePeriod?
    ;

windowExpression
    : identifier? TUMBLING LPAREN SIZE duration (COMMA retention)? (COMMA gracePeriod)? RPAREN                             # tumblingWindow
    | identifier? HOPPING LPAREN SIZE size=duration COMMA ADVANCE BY advance=duration
      (COMMA retention)? (COMMA gracePeriod)? RPAREN                                                                      # hoppingWindow
    | identifier? SESSION LPAREN duration (COMMA retention)? (COMMA gracePeriod)? RPAREN                                   # sessionWindow
    ;

retention : RETENTION duration ;

gracePeriod : GRACE PERIOD duration ;

duration : number windowUnit ;

windowUnit
    : DAY | DAYS | HOUR | HOURS | MINUTE | MINUTES | SECOND | SECONDS | MILLISECOND | MILLISECONDS
    | YEAR | YEARS | MONTH | MONTHS
    ;

expression
    : NOT expression                                                    # logicalNot
    | valueExpression predicate?                                        # predicated
    | left=expression AND right=expression                              # logicalAnd
    | left=expression OR right=expression                               # logicalOr
    ;

predicate
    : comparison valueExpression                                        # comparisonPredicate
    | NOT? BETWEEN lower=valueExpression AND upper=valueExpression      # betweenPredicate
    | NOT? IN LPAREN expression (COMMA expression)* RPAREN              # inPredicate
    | NOT? LIKE pattern=valueExpression (ESCAPE escape=STRING)?         # likePredicate
    | IS NOT? NULL                                                      # nullPredicate
    | IS NOT? DISTINCT FROM valueExpression                             # distinctPredicate
    ;

comparison : EQ | NEQ | LT | LTE | GT | GTE ;

valueExpression
    : primaryExpression                                                 # primaryValue
    | valueExpression AT TIME ZONE STRING                               # atTimeZone
    | operator=(MINUS | PLUS) valueExpression                           # unary
    | left=valueExpression operator=(STAR | SLASH | PERCENT) right=valueExpression # binary
    | left=valueExpression operator=(PLUS | MINUS) right=valueExpression # binary
    | left=valueExpression operator=CONCAT right=valueExpression         # binary
    ;

primaryExpression
    : literal                                                           # literalExpression
    | CASE operand=expression whenClause+ (ELSE otherwise=expression)? END # simpleCase
    | CASE whenClause+ (ELSE otherwise=expression)? END                 # searchedCase
    | CAST LPAREN expression AS type RPAREN                             # cast
    | ARRAY LBRACKET (expression (COMMA expression)*)? RBRACKET         # arrayConstructor
    | MAP LPAREN (mapEntry (COMMA mapEntry)*)? RPAREN                   # mapConstructor
    | STRUCT LPAREN (structEntry (COMMA structEntry)*)? RPAREN          # structConstructor
    | identifier LPAREN STAR RPAREN filterClause?                       # functionCallAll
    | identifier LPAREN (functionArgument (COMMA functionArgument)*)? RPAREN filterClause? # functionCall
    | identifier DOT identifier                                         # qualifiedColumn
    | identifier                                                        # column
    | reservedUnit                                                      # intervalUnit
    | primaryExpression LBRACKET valueExpression RBRACKET               # subscript
    | primaryExpression ARROW identifier                                # dereference
    | LPAREN expression RPAREN                                          # parenthesized
    ;

whenClause : WHEN condition=expression THEN result=expression ;

// The rows that an aggregate takes.
filterClause : FILTER LPAREN WHERE expression RPAREN ;

mapEntry : key=expression ASSIGN value=expression ;

structEntry : identifier ASSIGN expression ;

functionArgument
    : lambda
    | expression
    ;

lambda
    : identifier LAMBDA expression
    | LPAREN identifier (COMMA identifier)* RPAREN LAMBDA expression
    ;

// Only the units that no column can be called; the others are told apart from columns by name.
reservedUnit : DAYS | HOURS | MINUTES | SECONDS | MILLISECOND | MILLISECONDS | YEARS | MONTHS ;

type
    : type ARRAY                                                        # arrayType
    | ARRAY LT type GT                                                  # arrayType
    | MAP LT key=type COMMA value=type GT                               # mapType
    | STRUCT LT (structField (COMMA structField)*)? GT                  # structType
    | STRUCT NEQ                                                        # structType
    | DECIMAL LPAREN precision=INTEGER COMMA scale=INTEGER RPAREN       # decimalType
    | identifier (LPAREN typeParameter (COMMA typeParameter)* RPAREN)?  # namedType
    ;

structField : identifier type ;

typeParameter : INTEGER | identifier ;

literal
    : NULL                                                              # nullLiteral
    | (TRUE | FALSE)                                                    # booleanLiteral
    | number                                                            # numberLiteral
    | STRING                                                            # stringLiteral
    | DECIMAL STRING                                                    # typedLiteral
    | VARIABLE                                                          # variableLiteral
    ;

number : MINUS? (INTEGER | DECIMAL_VALUE | FLOATING_VALUE) ;

sourceName : identifier ;

topicName : identifier | STRING ;

variableName : identifier ;

identifier
    : IDENTIFIER            # plainIdentifier
    | DIGIT_IDENTIFIER      # plainIdentifier
    | QUOTED_IDENTIFIER     # quotedIdentifier
    | BACKQUOTED_IDENTIFIER # quotedIdentifier
    | VARIABLE              # variableIdentifier
    | nonReserved           # plainIdentifier
    ;

nonReserved
    : SHOW | TABLES | COLUMNS | COLUMN | PARTITIONS | FUNCTIONS | FUNCTION | SESSION | STRUCT | MAP | ARRAY | PARTITION
    | INTERVAL | ZONE | YEAR | MONTH | DAY | HOUR | MINUTE | SECOND | EXPLAIN | ANALYZE | TYPE | TYPES | SET | RESET | IF
    | SOURCE | SINK | PRIMARY | KEY | EMIT | CHANGES | FINAL | ESCAPE | REPLACE | ASSERT | ALTER | ADD | HEADER | HEADERS
    | GRACE | PERIOD | DEFINE | UNDEFINE | VARIABLES | PLUGINS | SYSTEM | TIMEOUT | SCHEMA | SUBJECT | ID | TIME | CODE | FILTER
    ;

ADD : 'ADD' ;
ADVANCE : 'ADVANCE' ;
ALL : 'ALL' ;
ALTER : 'ALTER' ;
ANALYZE : 'ANALYZE' ;
AND : 'AND' ;
ARRAY : 'ARRAY' ;
AS : 'AS' ;
ASSERT : 'ASSERT' ;
AT : 'AT' ;
BEGINNING : 'BEGINNING' ;
BETWEEN : 'BETWEEN' ;
BY : 'BY' ;
CASE : 'CASE' ;
CAST : 'CAST' ;
CATALOG : 'CATALOG' ;
CHANGES : 'CHANGES' ;
CODE : 'CODE' ;
COLUMN : 'COLUMN' ;
COLUMNS : 'COLUMNS' ;
CONNECTOR : 'CONNECTOR' ;
CONNECTORS : 'CONNECTORS' ;
CREATE : 'CREATE' ;
DAY : 'DAY' ;
DAYS : 'DAYS' ;
DECIMAL : 'DECIMAL' ;
DEFINE : 'DEFINE' ;
DELETE : 'DELETE' ;
DESCRIBE : 'DESCRIBE' ;
DISTINCT : 'DISTINCT' ;
DROP : 'DROP' ;
ELSE : 'ELSE' ;
EMIT : 'EMIT' ;
END : 'END' ;
ESCAPE : 'ESCAPE' ;
EXISTS : 'EXISTS' ;
EXPLAIN : 'EXPLAIN' ;
EXPORT : 'EXPORT' ;
EXTENDED : 'EXTENDED' ;
FALSE : 'FALSE' ;
FILTER : 'FILTER' ;
FINAL : 'FINAL' ;
FROM : 'FROM' ;
FULL : 'FULL' ;
FUNCTION : 'FUNCTION' ;
FUNCTIONS : 'FUNCTIONS' ;
GRACE : 'GRACE' ;
GROUP : 'GROUP' ;
HAVING : 'HAVING' ;
HEADER : 'HEADER' ;
HEADERS : 'HEADERS' ;
HOPPING : 'HOPPING' ;
HOUR : 'HOUR' ;
HOURS : 'HOURS' ;
ID : 'ID' ;
IF : 'IF' ;
IN : 'IN' ;
INNER : 'INNER' ;
INSERT : 'INSERT' ;
INTERVAL : 'INTERVAL' ;
INTO : 'INTO' ;
IS : 'IS' ;
JOIN : 'JOIN' ;
KEY : 'KEY' ;
LEFT : 'LEFT' ;
LIKE : 'LIKE' ;
LIMIT : 'LIMIT' ;
LIST : 'LIST' ;
LOAD : 'LOAD' ;
MAP : 'MAP' ;
MATERIALIZED : 'MATERIALIZED' ;
MILLISECOND : 'MILLISECOND' ;
MILLISECONDS : 'MILLISECONDS' ;
MINUTE : 'MINUTE' ;
MINUTES : 'MINUTES' ;
MONTH : 'MONTH' ;
MONTHS : 'MONTHS' ;
NAMESPACE : 'NAMESPACE' ;
NOT : 'NOT' ;
NULL : 'NULL' ;
ON : 'ON' ;
OR : 'OR' ;
OUTER : 'OUTER' ;
PARTITION : 'PARTITION' ;
PARTITIONS : 'PARTITIONS' ;
PAUSE : 'PAUSE' ;
PERIOD : 'PERIOD' ;
PLUGINS : 'PLUGINS' ;
PRIMARY : 'PRIMARY' ;
PRINT : 'PRINT' ;
PROPERTIES : 'PROPERTIES' ;
QUERIES : 'QUERIES' ;
QUERY : 'QUERY' ;
RENAME : 'RENAME' ;
REPLACE : 'REPLACE' ;
RESET : 'RESET' ;
RESUME : 'RESUME' ;
RETENTION : 'RETENTION' ;
RIGHT : 'RIGHT' ;
RUN : 'RUN' ;
SAMPLE : 'SAMPLE' ;
SCHEMA : 'SCHEMA' ;
SCRIPT : 'SCRIPT' ;
SECOND : 'SECOND' ;
SECONDS : 'SECONDS' ;
SELECT : 'SELECT' ;
SESSION : 'SESSION' ;
SET : 'SET' ;
SHOW : 'SHOW' ;
SINK : 'SINK' ;
SIZE : 'SIZE' ;
SOURCE : 'SOURCE' ;
STREAM : 'STREAM' ;
STREAMS : 'STREAMS' ;
STRUCT : 'STRUCT' ;
SUBJECT : 'SUBJECT' ;
SYSTEM : 'SYSTEM' ;
TABLE : 'TABLE' ;
TABLES : 'TABLES' ;
TERMINATE : 'TERMINATE' ;
THEN : 'THEN' ;
TIME : 'TIME' ;
TIMEOUT : 'TIMEOUT' ;
TO : 'TO' ;
TOPIC : 'TOPIC' ;
TOPICS : 'TOPICS' ;
TRUE : 'TRUE' ;
TUMBLING : 'TUMBLING' ;
TYPE : 'TYPE' ;
TYPES : 'TYPES' ;
UNDEFINE : 'UNDEFINE' ;
UNSET : 'UNSET' ;
VALUES : 'VALUES' ;
VARIABLES : 'VARIABLES' ;
VIEW : 'VIEW' ;
WHEN : 'WHEN' ;
WHERE : 'WHERE' ;
WINDOW : 'WINDOW' ;
WITH : 'WITH' ;
WITHIN : 'WITHIN' ;
YEAR : 'YEAR' ;
YEARS : 'YEARS' ;
ZONE : 'ZONE' ;

EQ : '=' ;
NEQ : '<>' | '!=' ;
LTE : '<=' ;
GTE : '>=' ;
LT : '<' ;
GT : '>' ;
ARROW : '->' ;
LAMBDA : '=>' ;
ASSIGN : ':=' ;
CONCAT : '||' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
PERCENT : '%' ;
DOT : '.' ;
COMMA : ',' ;
SEMICOLON : ';' ;
LPAREN : '(' ;
RPAREN : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;

STRING : '\'' (~'\'' | '\'\'')* '\'' ;
INTEGER : DIGIT+ ;
DECIMAL_VALUE : DIGIT+ '.' DIGIT* | '.' DIGIT+ ;
FLOATING_VALUE : DIGIT+ ('.' DIGIT*)? EXPONENT | '.' DIGIT+ EXPONENT ;
IDENTIFIER : (LETTER | '_') (LETTER | DIGIT | '_' | '@')* ;
DIGIT_IDENTIFIER : DIGIT (LETTER | DIGIT | '_' | '@')+ ;
QUOTED_IDENTIFIER : '"' (~'"' | '""')* '"' ;
BACKQUOTED_IDENTIFIER : '`' (~'`' | '``')* '`' ;
VARIABLE : '${' (LETTER | DIGIT | '_')+ '}' ;

fragment EXPONENT : 'E' [+-]? DIGIT+ ;
fragment DIGIT : [0-9] ;
fragment LETTER : [A-Z] ;

COMMENT : '--' (~[\r\n@] ~[\r\n]*)? '\r'? '\n'? -> channel(HIDDEN) ;
DIRECTIVE : '--@' ~[\r\n]* '\r'? '\n'? -> channel(HIDDEN) ;
BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN) ;
SPACE : [ \r\n\t]+ -> channel(HIDDEN) ;
UNRECOGNIZED : . ;
