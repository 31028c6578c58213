using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Tests.Errors;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("broekr", "broker")]
    [InlineData("--bootstrp", "--bootstrap")]
    [InlineData("DEMO", "demo")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Nearest_of_the_candidates_is_found_when_it_is_near(string name, string? expected)
    {
        Assert.Equal(expected, NearestName.Find(name, ["broker", "demo", "topics", "--bootstrap"]));
        Assert.Equal(expected is null ? null : $"did you mean {expected}?", NearestName.Hint(name, ["broker", "demo", "topics", "--bootstrap"]));
    }
}
