using System.Globalization;
using Xunit.Abstractions;

namespace StreamFlow.Simulation.Tests;

/// <summary>
/// Producers, transactions and a consumer group over a network that loses, a disk that forgets and a clock that jumps: one seed a schedule.
/// <c>STREAMFLOW_SIM_SCHEDULES</c> sets the number, <c>STREAMFLOW_SEED</c> runs the schedule of one seed.
/// </summary>
[Trait("Category", "Sim")]
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int DefaultSchedules = 500;
    private const int Steps = 150;

    [Fact]
    public async Task Every_schedule_keeps_what_was_promised()
    {
        if (NumberOf("STREAMFLOW_SEED") is { } only)
        {
            output.WriteLine(await RunAsync(only));
            return;
        }

        var (first, schedules) = (Random.Shared.Next(), NumberOf("STREAMFLOW_SIM_SCHEDULES") ?? DefaultSchedules);
        output.WriteLine($"{schedules} schedules from STREAMFLOW_SEED={first} on");
        for (var i = 0; i < schedules; i++)
        {
            await RunAsync(unchecked(first + i));
        }
    }

    [Fact]
    public async Task A_seed_replays_the_same_schedule()
    {
        var seed = Random.Shared.Next();
        Assert.Equal(await RunAsync(seed), await RunAsync(seed));
    }

    private static async Task<string> RunAsync(int seed)
    {
        var world = await World.StartAsync(seed);
        try
        {
            await using (world)
            {
                await PlayAsync(world);
            }

            return world.Trace;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"STREAMFLOW_SEED={seed}: {e.Message}\n{world.Trace}", e);
        }
    }

    private static async Task PlayAsync(World world)
    {
        var progress = new GroupProgress();
        IActor[] actors =
        [
            new IdempotentProducer(world, "a", 0), new IdempotentProducer(world, "b", 0), new IdempotentProducer(world, "c", 1),
            new TransactionalProducer(world, "t"), new TransactionalProducer(world, "u"),
            new GroupMember(world, "m1", progress), new GroupMember(world, "m2", progress), new GroupMember(world, "m3", progress),
        ];
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(world, actors);
        }

        await world.HealAsync();
        foreach (var actor in actors)
        {
            await actor.FinishAsync();
        }

        await world.SettleAsync();
        foreach (var actor in actors)
        {
            await actor.CheckAsync();
        }
    }

    private static async Task StepAsync(World world, IActor[] actors)
    {
        switch (world.Random.Next(60))
        {
            case 0:
                await world.CrashAsync(soon: false);
                break;
            case 1 or 2:
                await world.CrashAsync(soon: true);
                break;
            case 3:
                await world.RestartAsync();
                break;
            case 4 or 5 or 6 or 7 or 8 or 9:
                await world.AdvanceAsync(TimeSpan.FromMilliseconds(world.Random.Next(20_000)));
                break;
            default:
                await actors[world.Random.Next(actors.Length)].StepAsync();
                break;
        }

        if (world.IsDown)
        {
            await world.CrashAsync(soon: false);
        }
        else
        {
            await world.CheckWatermarksAsync();
        }
    }

    private static int? NumberOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
