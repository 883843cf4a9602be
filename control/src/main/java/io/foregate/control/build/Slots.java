package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.worker.ListenerPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which place in a snapshot's plans each listener has. A listener that stays keeps its place from one snapshot to the next, since
 * its connections know it by that; so there may be places of listeners that are about to be gone, and empty ones.
 *
 * @param byListener of all listeners of the configuration
 * @param leaving the plans of listeners that it doesn't have any more and that still have connections
 */
public record Slots(Map<Name, Integer> byListener, Map<Integer, ListenerPlan> leaving) {
    public Slots {
        byListener = Map.copyOf(byListener);
        leaving = Map.copyOf(leaving);
    }

    /** One place after the other, for a configuration that is the first or runs nowhere. */
    public static Slots inOrder(List<EffectiveListener> listeners) {
        Map<Name, Integer> slots = new HashMap<>();
        listeners.forEach(listener -> slots.put(listener.name(), slots.size()));
        return new Slots(slots, Map.of());
    }

    int of(EffectiveListener listener) {
        Integer slot = byListener.get(listener.name());
        if (slot == null) {
            throw new IllegalStateException("listener " + listener.name() + " has no slot");
        }
        return slot;
    }

    /** The plans of a snapshot, each at its place. */
    List<ListenerPlan> plans(List<SnapshotBuilder.PlannedListener> listeners) {
        Map<Integer, ListenerPlan> bySlot = new HashMap<>(leaving);
        listeners.forEach(planned -> bySlot.put(planned.settings().slot(), planned.plan()));
        int last = bySlot.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        List<ListenerPlan> plans = new ArrayList<>();
        for (int slot = 0; slot <= last; slot++) {
            plans.add(bySlot.getOrDefault(slot, ListenerPlan.NOWHERE));
        }
        return plans;
    }
}
