package io.taskmanager.faults;

import io.taskmanager.engine.TaskManagers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.ProtectionDomain;

/**
 * Loads the classes of this project anew, tests included, and the engine's with the sites of {@link Faults}. All others,
 * and {@link Faults} itself, are its parent's.
 */
final class FaultyLoader extends ClassLoader {

    private static final String OURS = "io.taskmanager.";
    private static final String ENGINE = "io.taskmanager.engine.";

    private static final String FAULTS = Faults.class.getName();

    /** Where the engine's classes are; tests of the same packages are elsewhere. */
    private static final String MAIN = locationOf(TaskManagers.class);

    static {
        registerAsParallelCapable();
    }

    FaultyLoader() {
        super("faulty", FaultyLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(FAULTS) || name.startsWith(FAULTS + '$')) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        URL file = getParent().getResource(fileOf(name));
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] bytes = read(file);
        if (name.startsWith(ENGINE) && file.toString().startsWith(MAIN)) {
            bytes = SiteWriter.rewrite(bytes);
        }
        return defineClass(name, bytes, 0, bytes.length, (ProtectionDomain) null);
    }

    private static byte[] read(URL file) {
        try (InputStream in = file.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String locationOf(Class<?> type) {
        String file = fileOf(type.getName());
        String url = type.getClassLoader().getResource(file).toString();
        return url.substring(0, url.length() - file.length());
    }

    private static String fileOf(String className) {
        return className.replace('.', '/') + ".class";
    }
}
