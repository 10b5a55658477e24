package io.taskmanager.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps what goes to one logger of the JDK, in place of its handlers, until it is closed. By reflection, since the module
 * under test does not read java.logging.
 */
public final class JdkLog implements AutoCloseable {

    private final Object logger;
    private final List<Object> records = new CopyOnWriteArrayList<>();

    private JdkLog(String name) throws ReflectiveOperationException {
        logger = Class.forName("java.util.logging.Logger")
                .getMethod("getLogger", String.class)
                .invoke(null, name);
    }

    public static JdkLog of(String name) throws ReflectiveOperationException {
        JdkLog log = new JdkLog(name);
        log.filter((proxy, method, arguments) -> {
            log.records.add(arguments[0]);
            return false;
        });
        return log;
    }

    /** One in which each line throws. */
    public static JdkLog throwing(String name, Error error) throws ReflectiveOperationException {
        JdkLog log = new JdkLog(name);
        log.filter((proxy, method, arguments) -> {
            log.records.add(arguments[0]);
            throw error;
        });
        return log;
    }

    private void filter(InvocationHandler handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.util.logging.Filter");
        Object filter = handler == null
                ? null
                : Proxy.newProxyInstance(JdkLog.class.getClassLoader(), new Class<?>[] {type}, handler);
        logger.getClass().getMethod("setFilter", type).invoke(logger, filter);
    }

    /** Each line as {@code LEVEL message}. */
    public List<String> lines() throws ReflectiveOperationException {
        List<String> lines = new ArrayList<>();
        for (Object record : records) {
            lines.add(get(record, "getLevel") + " " + get(record, "getMessage"));
        }
        return lines;
    }

    /** The causes of the lines that have one. */
    public List<Throwable> thrown() throws ReflectiveOperationException {
        List<Throwable> causes = new ArrayList<>();
        for (Object record : records) {
            if (get(record, "getThrown") instanceof Throwable cause) {
                causes.add(cause);
            }
        }
        return causes;
    }

    private static Object get(Object record, String getter) throws ReflectiveOperationException {
        Method method = Class.forName("java.util.logging.LogRecord").getMethod(getter);
        return method.invoke(record);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        filter(null);
    }
}
