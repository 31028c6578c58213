using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

/// <summary>A column of a stage of a plan.</summary>
/// <param name="Name">The name, unique in the stage.</param>
/// <param name="Type">The type.</param>
/// <param name="Hidden">Whether <c>*</c> leaves it out: system columns and helpers of the planner.</param>
internal sealed record PlanColumn(string Name, SqlType Type, bool Hidden = false);

/// <summary>The columns between two operators of a plan.</summary>
internal sealed record PlanSchema(IReadOnlyList<PlanColumn> Key, IReadOnlyList<PlanColumn> Value)
{
    public IEnumerable<PlanColumn> All => Key.Concat(Value);

    public PlanColumn? Find(string name) => All.FirstOrDefault(c => c.Name == name);
}
