using System.Collections.Immutable;
using StreamFlow.Core.Errors;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>
/// Settings of Kafka's brokers that decide nothing here: there are no replicas, controllers, tiers, Java classes or pools of threads. A
/// file or a tool that sets them goes on working; they are shown with Kafka's defaults, and a broker that is started with one says that it
/// has no effect.
/// </summary>
internal static class UnusedSettings
{
    private const string None = "(none)";
    private const string Empty = "(empty)";

    // Name, type, default as DescribeConfigs of Kafka 4.3.1 shows them, and whether Kafka lets it be changed while it runs.
    private const string Table = """
        # Brokers among themselves
        add.partitions.to.txn.retry.backoff.max.ms Int32 100
        add.partitions.to.txn.retry.backoff.ms Int32 20
        alter.log.dirs.replication.quota.window.num Int32 11
        alter.log.dirs.replication.quota.window.size.seconds Int32 1
        auto.leader.rebalance.enable Boolean true
        controlled.shutdown.enable Boolean true
        default.replication.factor Int32 1
        follower.fetch.last.tiered.offset.enable Boolean false dynamic
        inter.broker.listener.name String (none)
        leader.imbalance.check.interval.seconds Int64 300
        num.replica.alter.log.dirs.threads Int32 (none)
        num.replica.fetchers Int32 1 dynamic
        offsets.topic.replication.factor Int16 3
        replica.fetch.backoff.ms Int32 1000
        replica.fetch.max.bytes Int32 1048576
        replica.fetch.min.bytes Int32 1
        replica.fetch.response.max.bytes Int32 10485760
        replica.fetch.wait.max.ms Int32 500
        replica.high.watermark.checkpoint.interval.ms Int64 5000
        replica.lag.time.max.ms Int64 30000
        replica.socket.receive.buffer.bytes Int32 65536
        replica.socket.timeout.ms Int32 30000
        replication.quota.window.num Int32 11
        replication.quota.window.size.seconds Int32 1
        request.timeout.ms Int32 30000
        security.inter.broker.protocol String PLAINTEXT
        share.coordinator.state.topic.min.isr Int16 2
        share.coordinator.state.topic.replication.factor Int16 3
        transaction.state.log.min.isr Int32 2
        transaction.state.log.replication.factor Int16 3
        # Controllers
        broker.heartbeat.interval.ms Int32 2000
        broker.session.timeout.ms Int32 9000
        config.providers List (empty) dynamic
        controller.listener.names List (none)
        controller.quorum.append.linger.ms Int32 25
        controller.quorum.auto.join.enable Boolean false
        controller.quorum.bootstrap.servers List (empty)
        controller.quorum.election.backoff.max.ms Int32 1000
        controller.quorum.election.timeout.ms Int32 1000
        controller.quorum.fetch.max.bytes Int32 1048576
        controller.quorum.fetch.snapshot.max.bytes Int32 1048576
        controller.quorum.fetch.timeout.ms Int32 2000
        controller.quorum.request.timeout.ms Int32 2000
        controller.quorum.retry.backoff.ms Int32 20
        controller.quorum.voters List (empty)
        controller.quota.window.num Int32 11
        controller.quota.window.size.seconds Int32 1
        controller.socket.timeout.ms Int32 30000
        early.start.listeners List (none)
        initial.broker.registration.timeout.ms Int32 60000
        metadata.log.dir String (none)
        metadata.log.max.record.bytes.between.snapshots Int64 20971520
        metadata.log.max.snapshot.interval.ms Int64 3600000
        metadata.log.segment.bytes Int32 1073741824
        metadata.log.segment.ms Int64 604800000
        metadata.max.idle.interval.ms Int32 500
        metadata.max.retention.bytes Int64 104857600
        metadata.max.retention.ms Int64 604800000
        process.roles List (none)
        # Java classes and metrics
        alter.config.policy.class.name Class (none)
        client.quota.callback.class Class (none)
        create.topic.policy.class.name Class (none)
        kafka.metrics.polling.interval.secs Int32 10
        kafka.metrics.reporters List (empty)
        metric.reporters List org.apache.kafka.common.metrics.JmxReporter dynamic
        metrics.num.samples Int32 2
        metrics.recording.level String INFO
        metrics.sample.window.ms Int64 30000
        principal.builder.class Class org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder dynamic
        replica.selector.class String (none)
        # Kerberos, and how a broker logs in elsewhere
        sasl.client.callback.handler.class Class (none)
        sasl.kerberos.kinit.cmd String /usr/bin/kinit dynamic
        sasl.kerberos.min.time.before.relogin Int64 60000 dynamic
        sasl.kerberos.principal.to.local.rules List DEFAULT dynamic
        sasl.kerberos.service.name String (none) dynamic
        sasl.kerberos.ticket.renew.jitter Double 0.05 dynamic
        sasl.kerberos.ticket.renew.window.factor Double 0.8 dynamic
        sasl.login.callback.handler.class Class (none)
        sasl.login.class Class (none)
        sasl.login.connect.timeout.ms Int32 (none)
        sasl.login.read.timeout.ms Int32 (none)
        sasl.login.refresh.buffer.seconds Int16 300 dynamic
        sasl.login.refresh.min.period.seconds Int16 60 dynamic
        sasl.login.refresh.window.factor Double 0.8 dynamic
        sasl.login.refresh.window.jitter Double 0.05 dynamic
        sasl.login.retry.backoff.max.ms Int64 10000
        sasl.login.retry.backoff.ms Int64 100
        sasl.mechanism.controller.protocol String GSSAPI
        sasl.mechanism.inter.broker.protocol String GSSAPI dynamic
        sasl.oauthbearer.assertion.algorithm String RS256
        sasl.oauthbearer.assertion.claim.aud String (none)
        sasl.oauthbearer.assertion.claim.exp.seconds Int32 300
        sasl.oauthbearer.assertion.claim.iss String (none)
        sasl.oauthbearer.assertion.claim.jti.include Boolean false
        sasl.oauthbearer.assertion.claim.nbf.seconds Int32 60
        sasl.oauthbearer.assertion.claim.sub String (none)
        sasl.oauthbearer.assertion.file String (none)
        sasl.oauthbearer.assertion.private.key.file String (none)
        sasl.oauthbearer.assertion.private.key.passphrase Password (none)
        sasl.oauthbearer.assertion.template.file String (none)
        sasl.oauthbearer.client.credentials.client.id String (none)
        sasl.oauthbearer.client.credentials.client.secret Password (none)
        sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms Int64 10000
        sasl.oauthbearer.jwks.endpoint.retry.backoff.ms Int64 100
        sasl.oauthbearer.jwt.retriever.class Class org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever
        sasl.oauthbearer.jwt.validator.class Class org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator
        sasl.oauthbearer.scope String (none)
        sasl.oauthbearer.scope.claim.name String scope
        sasl.oauthbearer.token.endpoint.url String (none)
        sasl.server.callback.handler.class Class (none)
        # TLS in Java
        security.providers String (none)
        ssl.allow.dn.changes Boolean false
        ssl.allow.san.changes Boolean false
        ssl.endpoint.identification.algorithm String https dynamic
        ssl.engine.factory.class Class (none) dynamic
        ssl.keymanager.algorithm String SunX509 dynamic
        ssl.protocol String TLSv1.3 dynamic
        ssl.provider String (none) dynamic
        ssl.secure.random.implementation String (none) dynamic
        ssl.trustmanager.algorithm String PKIX dynamic
        # Threads, buffers, windows of quotas
        background.threads Int32 10 dynamic
        cordoned.log.dirs List (empty) dynamic
        delete.records.purgatory.purge.interval.requests Int32 1
        fetch.purgatory.purge.interval.requests Int32 1000
        group.coordinator.append.linger.ms Int32 -1
        group.coordinator.background.threads Int32 2
        group.coordinator.cached.buffer.max.bytes Int32 1048588 dynamic
        group.coordinator.rebalance.protocols List classic,consumer,streams
        group.coordinator.threads Int32 4
        group.share.assignors List simple
        log.cleaner.dedupe.buffer.size Int64 134217728 dynamic
        log.cleaner.enable Boolean true
        log.cleaner.io.buffer.load.factor Double 0.9 dynamic
        log.cleaner.io.buffer.size Int32 524288 dynamic
        log.cleaner.io.max.bytes.per.second Double 1.7976931348623157E308 dynamic
        log.cleaner.threads Int32 1 dynamic
        log.dir List /tmp/kafka-logs
        log.dir.failure.timeout.ms Int64 30000
        log.flush.offset.checkpoint.interval.ms Int32 60000
        log.flush.start.offset.checkpoint.interval.ms Int32 60000
        max.connection.creation.rate Int32 2147483647 dynamic
        max.request.partition.size.limit Int32 2000
        num.io.threads Int32 8 dynamic
        num.network.threads Int32 3 dynamic
        num.recovery.threads.per.data.dir Int32 2 dynamic
        offsets.commit.timeout.ms Int32 5000
        offsets.load.buffer.size Int32 5242880
        offsets.topic.compression.codec Int32 0
        offsets.topic.segment.bytes Int32 104857600
        producer.purgatory.purge.interval.requests Int32 1000
        queued.max.requests Int32 500
        quota.window.num Int32 11
        quota.window.size.seconds Int32 1
        share.coordinator.append.linger.ms Int32 -1
        share.coordinator.cached.buffer.max.bytes Int32 1048588 dynamic
        share.coordinator.load.buffer.size Int32 5242880
        share.coordinator.state.topic.compression.codec Int32 0
        share.coordinator.state.topic.segment.bytes Int32 104857600
        share.coordinator.threads Int32 1
        share.coordinator.write.timeout.ms Int32 5000
        share.fetch.purgatory.purge.interval.requests Int32 1000
        socket.connection.setup.timeout.max.ms Int64 30000
        socket.connection.setup.timeout.ms Int64 10000
        socket.listen.backlog.size Int32 50
        socket.receive.buffer.bytes Int32 102400
        socket.send.buffer.bytes Int32 102400
        transaction.partition.verification.enable Boolean true dynamic
        transaction.remove.expired.transaction.cleanup.interval.ms Int32 3600000
        transaction.state.log.load.buffer.size Int32 5242880
        transaction.state.log.segment.bytes Int32 104857600
        transaction.two.phase.commit.enable Boolean false
        # Tiered storage
        remote.fetch.max.wait.ms Int32 500 dynamic
        remote.list.offsets.request.timeout.ms Int64 30000 dynamic
        remote.log.index.file.cache.total.size.bytes Int64 1073741824 dynamic
        remote.log.manager.copier.thread.pool.size Int32 10 dynamic
        remote.log.manager.copy.max.bytes.per.second Int64 9223372036854775807 dynamic
        remote.log.manager.copy.quota.window.num Int32 11
        remote.log.manager.copy.quota.window.size.seconds Int32 1
        remote.log.manager.expiration.thread.pool.size Int32 10 dynamic
        remote.log.manager.fetch.max.bytes.per.second Int64 9223372036854775807 dynamic
        remote.log.manager.fetch.quota.window.num Int32 11
        remote.log.manager.fetch.quota.window.size.seconds Int32 1
        remote.log.manager.follower.thread.pool.size Int32 2 dynamic
        remote.log.manager.task.interval.ms Int64 30000
        remote.log.manager.thread.pool.size Int32 2
        remote.log.metadata.custom.metadata.max.bytes Int32 128
        remote.log.metadata.manager.class.name String org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager
        remote.log.metadata.manager.class.path String (none)
        remote.log.metadata.manager.impl.prefix String rlmm.config.
        remote.log.metadata.manager.listener.name String (none)
        remote.log.reader.max.pending.tasks Int32 100
        remote.log.reader.threads Int32 10 dynamic
        remote.log.storage.manager.class.name String (none)
        remote.log.storage.manager.class.path String (none)
        remote.log.storage.manager.impl.prefix String rsm.config.
        remote.log.storage.system.enable Boolean false
        """;

    private static readonly ImmutableSortedDictionary<string, UnusedSetting> ByName = Table
        .Split('\n')
        .Where(line => !line.StartsWith('#'))
        .Select(Parse)
        .ToImmutableSortedDictionary(s => s.Name, s => s, StringComparer.Ordinal);

    /// <summary>All of them by name.</summary>
    public static IEnumerable<UnusedSetting> All => ByName.Values;

    /// <summary>The setting of a name; null when there is none.</summary>
    public static UnusedSetting? Find(string name) => ByName.GetValueOrDefault(name);

    private static UnusedSetting Parse(string line)
    {
        var words = line.Split(' ');
        return new UnusedSetting(
            words[0],
            Enum.Parse<LogConfigType>(words[1]),
            words[2] switch { None => null, Empty => "", var value => value },
            IsDynamic: words.Length > 3);
    }
}
