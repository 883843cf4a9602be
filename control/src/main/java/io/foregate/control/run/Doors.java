package io.foregate.control.run;

import io.foregate.control.build.Slots;
import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Name;
import io.foregate.control.os.InheritedSockets;
import io.foregate.proxy.filters.HttpsPort;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Reception;
import io.foregate.proxy.worker.ListenerPlan;
import io.foregate.proxy.worker.Snapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of the process. From one configuration to the next, a listener of the same name is the same one: its connections go
 * on. Sockets go with the address: where the configuration has it again, under whatever name, they stay open.
 *
 * <p>Used under the lock of its {@link Foregate}; {@link #listeners} and {@link #connections} on any thread.
 */
final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    /** Sockets, and for which listener and address of the configuration. */
    private record Door(Name name, ListenAddress address, Listener sockets) {}

    /** A listener that isn't in the configuration any more, for as long as it has connections. */
    private record Leaving(Reception reception, ListenerPlan plan) {}

    private final DataPlane plane;
    private final InheritedSockets inherited;
    private final List<Leaving> leaving = new CopyOnWriteArrayList<>();
    private volatile List<Door> doors = List.of();

    Doors(DataPlane plane, InheritedSockets inherited) {
        this.plane = plane;
        this.inherited = inherited;
    }

    /** What is listened on, in the order of the configuration. */
    List<Listener> listeners() {
        return doors.stream().map(Door::sockets).toList();
    }

    /** How many connections of clients there are, those of listeners that are gone among them. */
    int connections() {
        Set<Reception> receptions = new HashSet<>();
        doors.forEach(door -> receptions.add(door.sockets.reception()));
        leaving.forEach(gone -> receptions.add(gone.reception));
        return receptions.stream().mapToInt(Reception::connections).sum();
    }

    // ---- who gets which slot ----

    /**
     * The places of these listeners: one that is there keeps its own, also where it is only called something else. Those that
     * go keep theirs, with what they have in the snapshot in force, as long as they have connections.
     */
    Slots slots(List<EffectiveListener> next, Snapshot current) {
        leaving.removeIf(gone -> gone.reception.connections() == 0);
        Map<Name, Integer> slots = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        Map<Integer, ListenerPlan> going = new HashMap<>();
        for (Leaving gone : leaving) {
            going.put(gone.reception.slot(), gone.plan);
        }
        taken.addAll(going.keySet());
        for (Door door : doors) {
            int slot = door.sockets.reception().slot();
            taken.add(slot);
            going.put(slot, current.plan(slot));
        }
        for (EffectiveListener listener : next) {
            Door door = predecessor(listener, next);
            if (door != null) {
                int slot = door.sockets.reception().slot();
                slots.put(listener.name(), slot);
                going.remove(slot);
            }
        }
        int free = 0;
        for (EffectiveListener listener : next) {
            if (!slots.containsKey(listener.name())) {
                while (!taken.add(free)) {
                    free++;
                }
                slots.put(listener.name(), free);
            }
        }
        return new Slots(slots, going);
    }

    private @Nullable Door predecessor(EffectiveListener listener, List<EffectiveListener> next) {
        Door renamed = null;
        for (Door door : doors) {
            if (door.name.equals(listener.name())) {
                return door;
            }
            boolean gone = next.stream().noneMatch(other -> other.name().equals(door.name));
            if (gone && door.address.equals(listener.address().value()) && isFirst(listener, next)) {
                renamed = door;
            }
        }
        return renamed;
    }

    // Several may have the same address only where the system chooses the port.
    private static boolean isFirst(EffectiveListener listener, List<EffectiveListener> next) {
        for (EffectiveListener other : next) {
            if (other.address().value().equals(listener.address().value())) {
                return other == listener;
            }
        }
        return false;
    }

    // ---- going over to other listeners ----

    /** Where a listener of the next configuration leads. */
    private record Next(PlannedListener planned, Listener sockets, Reception reception, boolean fresh) {}

    /** A change for which everything has been bound. One of its methods is called, once. */
    final class Move {
        private final List<Next> next;

        private Move(List<Next> next) {
            this.next = next;
        }

        /** Closes what was bound for it. Whoever has come that way leaves. */
        void abandon() {
            next.stream().filter(Next::fresh).forEach(one -> one.sockets.close());
            newcomers().filter(one -> one.reception.connections() > 0).forEach(one -> {
                leaving.add(new Leaving(one.reception, ListenerPlan.NOWHERE));
                plane.leave(one.reception);
            });
        }

        /** The slots of listeners that there weren't, for a snapshot that is tried. */
        BitSet begin() {
            BitSet slots = new BitSet();
            newcomers().forEach(one -> slots.set(one.reception.slot()));
            return slots;
        }

        /** New sockets accept from now on, while nothing else changes. */
        void accept() {
            next.stream().filter(Next::fresh).forEach(one -> one.sockets.accept());
        }

        private Stream<Next> newcomers() {
            return next.stream()
                    .filter(one -> doors.stream().noneMatch(door -> door.sockets.reception() == one.reception));
        }

        /**
         * The snapshot with these listeners is in force, in place of {@code previous}, which is null at the start. Returns the
         * listeners that are gone; what connections they have goes on with their plans of before.
         */
        List<Reception> commit(@Nullable Snapshot previous) {
            List<Door> before = doors;
            doors = next.stream()
                    .map(one -> new Door(
                            one.planned.listener().name(),
                            one.planned.listener().address().value(),
                            one.sockets))
                    .toList();
            Set<Reception> stay = new HashSet<>();
            Map<Door, Reception> led = new HashMap<>();
            before.forEach(door -> led.put(door, door.sockets.reception()));
            for (Next one : next) {
                one.reception.settings(one.planned.settings());
                one.sockets.leadTo(one.planned.listener().name().text(), one.reception);
                stay.add(one.reception);
                one.sockets.accept();
                if (one.fresh) {
                    boolean tls = one.planned.listener().tls();
                    LOG.info(
                            "listening on {} (listener {})",
                            DoorOpener.url(one.sockets.address(), tls),
                            one.sockets.name());
                }
            }
            for (Door door : before) {
                if (next.stream().noneMatch(one -> one.sockets == door.sockets)) {
                    door.sockets.close();
                    LOG.info("no longer listening on {} (listener {})", door.sockets.address(), door.name);
                }
            }
            List<Reception> gone = new ArrayList<>();
            led.forEach((door, reception) -> {
                if (previous != null && stay.add(reception)) {
                    gone.add(reception);
                    leaving.add(new Leaving(reception, previous.plan(reception.slot())));
                    plane.leave(reception);
                }
            });
            return gone;
        }
    }

    /**
     * Takes the addresses that there are not yet. Who connects to them waits until the change is committed.
     *
     * @throws StartFailure when one can't be had; nothing is left of the change then
     */
    Move prepare(List<PlannedListener> planned) throws StartFailure {
        IdentityHashMap<PlannedListener, Door> kept = kept(planned);
        Map<Integer, Reception> receptions = new HashMap<>();
        doors.forEach(door -> receptions.put(door.sockets.reception().slot(), door.sockets.reception()));
        DoorOpener opener = new DoorOpener(
                plane,
                inherited,
                doors.stream()
                        .filter(door -> !kept.containsValue(door))
                        .map(Door::sockets)
                        .toList());
        List<Next> next = new ArrayList<>();
        try {
            for (PlannedListener one : planned) {
                Reception known = receptions.get(one.settings().slot());
                Reception reception = known == null ? new Reception(one.settings()) : known;
                Door door = kept.get(one);
                Listener sockets = door == null ? opener.open(one, reception) : door.sockets;
                next.add(new Next(one, sockets, reception, door == null));
                HttpsPort port = one.port();
                if (port != null) {
                    // Redirects lead to the port that it has become.
                    port.set(sockets.address().getPort());
                }
            }
        } catch (StartFailure e) {
            new Move(next).abandon();
            throw e;
        }
        return new Move(next);
    }

    // Those of the same name first, lest two listeners at port 0 change places.
    private IdentityHashMap<PlannedListener, Door> kept(List<PlannedListener> planned) {
        IdentityHashMap<PlannedListener, Door> kept = new IdentityHashMap<>();
        List<Door> left = new ArrayList<>(doors);
        for (boolean sameName : new boolean[] {true, false}) {
            for (PlannedListener one : planned) {
                for (Door door : left) {
                    boolean fits = door.address.equals(one.listener().address().value())
                            && (!sameName || door.name.equals(one.listener().name()));
                    if (fits && !kept.containsKey(one)) {
                        kept.put(one, door);
                        left.remove(door);
                        break;
                    }
                }
            }
        }
        return kept;
    }

    /** What another process gets to have the same listeners. */
    List<Passed> passed() {
        return doors.stream()
                .map(door -> new Passed(
                        new InheritedSockets.Label(door.name.text(), door.address.toString()),
                        door.sockets.descriptors()))
                .toList();
    }

    /** Accepts no more for now; who connects waits, or is another process's. */
    void pause() {
        doors.forEach(door -> door.sockets.pause());
    }

    /** Accepts again. */
    void resume() {
        doors.forEach(door -> door.sockets.accept());
    }

    /** No connections any more from now on. */
    void close() {
        doors.forEach(door -> door.sockets.close());
    }
}
