namespace StreamFlow.Protocol.Tests.Support;

/// <summary>A fact that needs the kcat program; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KcatFactAttribute : FactAttribute
{
    public KcatFactAttribute()
    {
        if (Kcat.Path is null)
        {
            Skip = "needs kcat (apt-get install kcat)";
        }
    }
}
