package io.foregate.control.plan;

import io.foregate.control.config.model.Name;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a change would do, for people. */
public final class PlanText {
    /** So many regions fit in a head. */
    public static final int USUAL_REGIONS = 40;

    private static final int MOST_EXCEPTIONS = 6;

    private final PrintWriter out;
    private final int mostRegions;

    public PlanText(PrintWriter out, int mostRegions) {
        this.out = out;
        this.mostRegions = mostRegions;
    }

    public void print(Plan plan) {
        if (plan.empty()) {
            out.println("Nothing would change.");
        }
        changes(plan.changes());
        Predicate<Region> elsewhere = region -> region.before().goesElsewhere(region.after());
        List<Region> moved = plan.regions().stream().filter(elsewhere).toList();
        List<Region> treated =
                plan.regions().stream().filter(elsewhere.negate()).toList();
        if (moved.isEmpty() && !plan.empty()) {
            out.println("No request would go elsewhere or get another kind of answer.");
            out.println();
        }
        regions("Requests that would go elsewhere, or be answered differently", moved);
        regions("Requests that would be treated differently on their way", treated);
        Replay replay = plan.replay();
        if (replay != null) {
            new ReplayText(out, mostRegions).print(replay);
        }
        if (!plan.warnings().isEmpty()) {
            out.println("Warnings");
            plan.warnings().forEach(problem -> out.println("  " + problem.asWarning()));
            out.println();
        }
        if (!plan.advice().isEmpty()) {
            out.println("Advice");
            plan.advice().forEach(problem -> out.println("  " + problem));
        }
    }

    private void changes(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        out.println("Changes");
        for (Change change : changes) {
            String sign = switch (change.kind()) {
                case ADDED -> "+";
                case REMOVED -> "-";
                case CHANGED -> "~";
            };
            out.println("  " + sign + " " + change.thing() + (change.name().isEmpty() ? "" : " " + change.name()));
            change.details().forEach(detail -> out.println("      " + detail));
        }
        out.println();
    }

    private void regions(String title, List<Region> regions) {
        if (regions.isEmpty()) {
            return;
        }
        out.println(title);
        boolean sameDoors = regions.stream().map(Region::listeners).distinct().count() == 1;
        regions.stream().limit(mostRegions).forEach(region -> region(region, !sameDoors));
        if (regions.size() > mostRegions) {
            out.println("  and " + (regions.size() - mostRegions) + " more: see --all, or --json");
        }
        out.println();
    }

    private void region(Region region, boolean withListeners) {
        out.println("  " + region.host() + except(region.otherHosts()) + " " + region.path()
                + except(region.otherPaths()) + (withListeners ? listeners(region) : ""));
        if (!region.when().isEmpty()) {
            out.println("      when " + all(region.when()));
        }
        if (!region.unless().isEmpty()) {
            out.println("      unless "
                    + region.unless().stream().map(PlanText::all).collect(Collectors.joining("; or ")));
        }
        if (region.before().goesElsewhere(region.after())) {
            out.println(
                    "      " + region.before().action() + " → " + region.after().action());
        }
        region.before().differences(region.after()).forEach(difference -> out.println("      " + difference));
    }

    private static String listeners(Region region) {
        return region.listeners().stream().map(Name::text).collect(Collectors.joining(", ", "  [", "]"));
    }

    private static String except(List<?> others) {
        if (others.isEmpty()) {
            return "";
        }
        String named =
                others.stream().limit(MOST_EXCEPTIONS).map(Object::toString).collect(Collectors.joining(", "));
        int more = others.size() - MOST_EXCEPTIONS;
        return " (but " + named + (more > 0 ? " and " + more + " more" : "") + ")";
    }

    private static String all(List<Term> terms) {
        return terms.stream().map(Term::toString).collect(Collectors.joining(" and "));
    }
}
