package io.foregate.control.admin;

import io.foregate.control.build.Quarantine;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Change;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Revision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What things look like as JSON. Stateless. */
final class Trees {
    private Trees() {}

    static Map<String, Object> of(Problem problem) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", problem.file());
        tree.put("line", problem.line());
        tree.put("column", problem.column());
        tree.put("path", problem.path());
        tree.put("message", problem.message());
        tree.put("hint", problem.hint());
        return tree;
    }

    static List<Map<String, Object>> problems(List<Problem> problems) {
        return problems.stream().map(Trees::of).toList();
    }

    static Map<String, Object> of(Revision revision) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("revision", revision.number());
        tree.put("time", revision.time().toString());
        tree.put("author", revision.author());
        tree.put("message", revision.message());
        tree.put("outcome", revision.outcome().name().toLowerCase(Locale.ROOT));
        tree.put("note", revision.note());
        tree.put("bytes", revision.bytes());
        return tree;
    }

    static Map<String, Object> of(Quarantine one) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("what", one.what());
        tree.put("name", one.name());
        tree.put("reason", one.reason());
        tree.put("kept", one.kept());
        tree.put("since", one.since().toString());
        return tree;
    }

    static Map<String, Object> of(Change change) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("change", change.kind().name().toLowerCase(Locale.ROOT));
        tree.put("thing", change.thing());
        tree.put("name", change.name());
        tree.put("details", change.details());
        return tree;
    }

    static Map<String, Object> of(Result.Applied applied) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("revision", applied.revision().number());
        tree.put("tookMillis", applied.took().toMillis());
        tree.put("changes", applied.changes().stream().map(Trees::of).toList());
        tree.put("quarantined", applied.quarantined().stream().map(Trees::of).toList());
        tree.put("warnings", problems(applied.warnings()));
        return tree;
    }

    static Map<String, Object> of(Result.Refused refused) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("error", "the configuration can't be used; nothing has changed");
        tree.put("problems", problems(refused.problems()));
        tree.put("warnings", problems(refused.warnings()));
        return tree;
    }
}
