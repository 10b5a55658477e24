package io.taskmanager.spring.actuate;

import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.core.ResolvableType;

/**
 * Tells under {@code taskManagers} the version of this library and, of each manager, the worker counts that it was
 * created with and its resource and result types; what is not known is left out. Creates no manager.
 */
public final class TaskManagerInfoContributor implements InfoContributor {

    private final TaskManagerRegistry registry;
    private final Function<String, ResolvableType> types;

    /**
     * A contributor for the managers of a registry.
     *
     * @param types the {@code TaskManager<R, E>} that a manager is, by its name; {@link ResolvableType#NONE} if unknown
     */
    public TaskManagerInfoContributor(TaskManagerRegistry registry, Function<String, ResolvableType> types) {
        this.registry = registry;
        this.types = types;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> managers = new LinkedHashMap<>();
        registry.names().forEach(name -> managers.put(name, describe(name)));
        Map<String, Object> all = new LinkedHashMap<>();
        String version = TaskManagerInfoContributor.class.getPackage().getImplementationVersion();
        if (version != null) {
            all.put("version", version);
        }
        all.put("managers", managers);
        builder.withDetail("taskManagers", all);
    }

    private Map<String, Object> describe(String name) {
        Map<String, Object> described = new LinkedHashMap<>();
        registry.config(name).ifPresent(config -> {
            described.put("workerCount", config.workerCount());
            described.put("maxWorkerCount", config.maxWorkerCount());
        });
        ResolvableType type = types.apply(name).as(TaskManager.class);
        putType(described, "resourceType", type.getGeneric(0));
        putType(described, "resultType", type.getGeneric(1));
        return described;
    }

    private static void putType(Map<String, Object> described, String key, ResolvableType type) {
        @Nullable Class<?> resolved = type.resolve();
        if (resolved != null) {
            described.put(key, type.toString());
        }
    }
}
