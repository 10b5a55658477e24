package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Works out the {@code TaskManager<R, E>} that a manager's bean is. Both parameters must be known: with E left open,
 * {@code @Autowired} works, but neither provider look-ups nor {@code @MockitoBean} do.
 */
final class ManagerBeanTypes {

    private ManagerBeanTypes() {}

    /**
     * The type of a manager's bean.
     *
     * @param resultType E; null for {@link Object}
     */
    static ResolvableType of(
            ConfigurableListableBeanFactory beans, String resourceFactory, @Nullable Class<?> resultType) {
        ResolvableType resource = resource(beans, resourceFactory);
        if (resource.resolve() == null) {
            // A raw or wildcard factory: an open type, which Spring injects wherever a TaskManager is asked for.
            return ResolvableType.forClass(TaskManager.class);
        }
        Class<?> result = resultType == null ? Object.class : ClassUtils.resolvePrimitiveIfNecessary(resultType);
        return ResolvableType.forClassWithGenerics(TaskManager.class, resource, ResolvableType.forClass(result));
    }

    /** The type that a manager's bean has, which may be the application's own. */
    static ResolvableType ofBean(ConfigurableListableBeanFactory beans, String beanName) {
        return beans.containsBeanDefinition(beanName)
                ? beans.getMergedBeanDefinition(beanName).getResolvableType()
                : ResolvableType.NONE;
    }

    /** The resources that a factory bean makes. */
    static ResolvableType resource(ConfigurableListableBeanFactory beans, String resourceFactory) {
        return resource(beans, resourceFactory, ResourceFactory.class);
    }

    /**
     * Whether a bean can serve a manager with that resource: unless it is for resources of a type that is neither that nor a
     * supertype. One that does not tell for which, as it is raw, can serve each; any can serve a manager whose resource is
     * not known.
     *
     * @param type what the bean is asked for as, which may have the resource as its parameter
     */
    static boolean fits(ConfigurableListableBeanFactory beans, String bean, Class<?> type, ResolvableType resource) {
        ResolvableType asked = resource(beans, bean, type);
        return asked.resolve() == null || resource.resolve() == null || asked.isAssignableFrom(resource);
    }

    /** The parameter of that type as the bean has it; {@link ResolvableType#NONE} if it has none. */
    private static ResolvableType resource(ConfigurableListableBeanFactory beans, String bean, Class<?> type) {
        return beanType(beans, bean).as(type).getGeneric();
    }

    private static ResolvableType beanType(ConfigurableListableBeanFactory beans, String name) {
        // Asked first, because it resolves the return type of a @Bean method that the definition then tells.
        Class<?> plain = beans.getType(name, false);
        if (!beans.containsBeanDefinition(name)) {
            return ResolvableType.forClass(plain);
        }
        ResolvableType type = beans.getMergedBeanDefinition(name).getResolvableType();
        boolean ofFactoryBean = FactoryBean.class.isAssignableFrom(type.toClass());
        return ofFactoryBean ? type.as(FactoryBean.class).getGeneric() : type;
    }
}
