package io.taskmanager.testkit;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much an object keeps: counts the objects that can be reached from it, and the elements of their arrays and
 * collections. What else is of the JDK counts as one.
 */
public final class Footprint {

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> left = new ArrayDeque<>();
    private long size;

    private Footprint() {}

    public static long of(Object root) throws IllegalAccessException {
        Footprint footprint = new Footprint();
        footprint.reach(root);
        while (!footprint.left.isEmpty()) {
            footprint.visit(footprint.left.pop());
        }
        return footprint.size;
    }

    private void reach(Object object) {
        if (object != null && seen.add(object)) {
            left.push(object);
        }
    }

    private void visit(Object object) throws IllegalAccessException {
        size++;
        if (object instanceof AtomicLongArray array) {
            size += array.length();
        } else if (object instanceof Collection<?> elements) {
            elements.forEach(this::reach);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::reach);
            map.values().forEach(this::reach);
        } else if (object.getClass().isArray()) {
            visitArray(object);
        } else if (!isOfTheJdk(object.getClass())) {
            visitFields(object);
        }
    }

    private void visitArray(Object array) {
        size += Array.getLength(array);
        if (array instanceof Object[] elements) {
            for (Object element : elements) {
                reach(element);
            }
        }
    }

    private void visitFields(Object object) throws IllegalAccessException {
        for (Class<?> type = object.getClass(); !isOfTheJdk(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    reach(field.get(object));
                }
            }
        }
    }

    private static boolean isOfTheJdk(Class<?> type) {
        return type.getClassLoader() == null;
    }
}
