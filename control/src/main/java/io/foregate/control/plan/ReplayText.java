package io.foregate.control.plan;

import io.foregate.control.plan.Replay.Count;
import io.foregate.control.plan.Replay.Group;
import io.foregate.control.plan.Replay.Kind;
import io.foregate.control.sample.Examples;
import io.foregate.proxy.sample.SampledHead;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a change would do to recent requests, for people. */
final class ReplayText {
    private static final int MOST_UNJUDGED = 5;

    private final PrintWriter out;
    private final int mostGroups;

    ReplayText(PrintWriter out, int mostGroups) {
        this.out = out;
        this.mostGroups = mostGroups;
    }

    void print(Replay replay) {
        out.println("Recent requests, replayed");
        if (!replay.sampled()) {
            out.println("  none are kept (admin.sample: off), so this plan rests on the tables of routes alone");
        } else if (replay.all().heads() == 0) {
            out.println("  there were none yet");
        } else {
            requests(replay);
        }
        out.println();
    }

    private void requests(Replay replay) {
        Count all = replay.all();
        boolean whole = all.requests() == all.heads();
        out.println("  of " + number(all.heads()) + " requests of the last " + period(replay.period())
                + (whole ? ":" : ", sampled from about " + rounded(all.requests()) + ":"));
        List<Group> grave = replay.groups().stream()
                .filter(group -> group.way().kind() != Kind.TREATED_DIFFERENTLY)
                .toList();
        if (grave.isEmpty()) {
            out.println("  none would go elsewhere or get another kind of answer");
        }
        replay.groups().stream().limit(mostGroups).forEach(group -> group(group, replay));
        if (replay.groups().size() > mostGroups) {
            out.println("  and " + (replay.groups().size() - mostGroups) + " more kinds: see --all, or --json");
        }
        replay.unjudged().stream()
                .limit(MOST_UNJUDGED)
                .forEach(one -> out.println("  " + share(one.count(), all) + " can't be judged: " + one.why()));
        if (replay.unjudged().size() > MOST_UNJUDGED) {
            out.println("  and more for " + (replay.unjudged().size() - MOST_UNJUDGED) + " other reasons: see --json");
        }
        if (replay.same().heads() > 0) {
            out.println("  " + share(replay.same(), all) + " would fare as they do now");
        }
    }

    private void group(Group group, Replay replay) {
        Replay.Way way = group.way();
        String what = way.kind() == Kind.TREATED_DIFFERENTLY
                ? way.after() + ", treated differently: " + way.details()
                : way.before() + " → " + way.after();
        String part = way.share() < 1 ? ", which moves " + percent(100 * way.share()) + " of them" : "";
        out.println("  " + share(group.count(), replay.all()) + " " + what + part);
        out.println(
                "      " + group.examples().stream().map(ReplayText::example).collect(Collectors.joining(", ")));
    }

    private static String example(SampledHead head) {
        int status = head.end().status();
        return Examples.text(head) + (status == 0 ? "" : " (" + status + ")");
    }

    private static String share(Count count, Count all) {
        return number(count.heads()) + " (" + percent(count.percentOf(all)) + ")";
    }

    private static String percent(double percent) {
        String text = percent > 0 && percent < 0.1
                ? "<0.1"
                : percent == Math.rint(percent)
                        ? String.format(Locale.ROOT, "%.0f", percent)
                        : String.format(Locale.ROOT, "%.1f", percent);
        return text + " %";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    // Nobody knows more than two digits of it.
    private static String rounded(double requests) {
        if (requests >= 1_000_000) {
            return String.format(Locale.ROOT, "%.1f M", requests / 1_000_000);
        }
        long step = (long) Math.max(1, Math.pow(10, Math.floor(Math.log10(requests)) - 1));
        return number(Math.round(requests / step) * step);
    }

    private static String period(Replay.Period period) {
        long seconds = Math.max(1, (System.currentTimeMillis() - period.fromMillis()) / 1000);
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
