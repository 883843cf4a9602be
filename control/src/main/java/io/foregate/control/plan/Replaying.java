package io.foregate.control.plan;

import io.foregate.api.message.RequestHead;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Fate.Shift;
import io.foregate.control.plan.Replay.Count;
import io.foregate.control.plan.Replay.Group;
import io.foregate.control.plan.Replay.Kind;
import io.foregate.control.plan.Replay.Unjudged;
import io.foregate.control.plan.Replay.Way;
import io.foregate.control.sample.Examples;
import io.foregate.control.sample.Sample;
import io.foregate.control.sample.SampledRequest;
import io.foregate.proxy.sample.SampledHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has recent requests take their way through two configurations, and counts what is different. One use, one thread. */
final class Replaying {
    private static final int MOST_EXAMPLES = 3;
    private static final int MOST_GROUPS = 500;
    private static final String TOO_LARGE = "their hosts or paths are too long to be kept";

    private static final class Tally {
        int heads;
        long requests;
        final List<SampledHead> examples = new ArrayList<>();

        void add(SampledHead head) {
            heads++;
            requests += head.requests();
        }

        Count count() {
            return new Count(heads, requests);
        }
    }

    private final Side before;
    private final Side after;
    private final Slowness slowness = new Slowness();
    private final Map<Way, Tally> groups = new HashMap<>();
    private final Map<String, Tally> unjudged = new LinkedHashMap<>();
    private final Tally same = new Tally();
    private final RequestHead scratch = new RequestHead();

    private Replaying(Built before, Built after) {
        this.before = new Side(before);
        this.after = new Side(after);
    }

    /** What came of it, and which timeouts would have been too short. */
    record Result(Replay replay, List<Problem> advice) {}

    static Result of(Built before, Built after, Sample sample) {
        Replaying replaying = new Replaying(before, after);
        for (SampledHead head : sample.heads()) {
            replaying.one(head, sample);
        }
        return new Result(replaying.result(sample), replaying.slowness.advice());
    }

    private void one(SampledHead head, Sample sample) {
        SampledRequest request = SampledRequest.of(head, sample.marks(), scratch);
        if (request == null) {
            unjudged(TOO_LARGE, head);
            return;
        }
        Judgement judgement = Judgement.of(before.options(request), after.options(request));
        if (!judgement.certain()) {
            unjudged(String.join(" and ", judgement.doubts()) + " isn't kept", head);
            return;
        }
        Shift shift = judgement.shift();
        if (shift == null) {
            same.add(head);
        } else {
            shifted(shift, head);
        }
        slowness.add(head, judgement.fate());
    }

    private void shifted(Shift shift, SampledHead head) {
        Way way = new Way(Kind.of(shift), shift.before(), shift.after(), shift.details(), shift.share());
        Tally tally = groups.computeIfAbsent(way, _ -> new Tally());
        tally.add(head);
        if (tally.examples.size() < MOST_EXAMPLES
                && tally.examples.stream()
                        .noneMatch(example -> Examples.text(example).equals(Examples.text(head)))) {
            tally.examples.add(head);
        }
    }

    private void unjudged(String why, SampledHead head) {
        unjudged.computeIfAbsent(why, _ -> new Tally()).add(head);
    }

    private Replay result(Sample sample) {
        List<Group> found = new ArrayList<>();
        groups.forEach((way, tally) -> found.add(new Group(way, tally.count(), List.copyOf(tally.examples))));
        found.sort(Comparator.comparing((Group group) -> group.way().kind())
                .thenComparing(group -> -group.count().requests())
                .thenComparing(group -> group.way().before())
                .thenComparing(group -> group.way().after()));
        List<SampledHead> heads = sample.heads();
        Replay.Period period = heads.isEmpty()
                ? new Replay.Period(0, 0)
                : new Replay.Period(
                        heads.getFirst().origin().epochMillis(),
                        heads.getLast().origin().epochMillis());
        List<Unjudged> unknown = new ArrayList<>();
        unjudged.forEach((why, tally) -> unknown.add(new Unjudged(why, tally.count())));
        return new Replay(
                sample.on(),
                period,
                new Count(heads.size(), sample.requests()),
                found.stream().limit(MOST_GROUPS).toList(),
                unknown,
                same.count());
    }
}
