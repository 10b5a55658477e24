package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A health check of resources serves the managers of its type of resource, and goes before a check of errors on its level. */
@ExtendWith(NoLeakedThreads.class)
class ResourceHealthCheckTests {

    private static final HealthCheck OF_ERRORS = error -> true;

    /** A manager of sessions, one of sessions of a kind, and one of texts. */
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withUserConfiguration(Factories.class)
            .withPropertyValues(
                    "taskmanager.managers.sessions.worker-count=1",
                    "taskmanager.managers.tuned.worker-count=1",
                    "taskmanager.managers.texts.worker-count=1");

    @ParameterizedTest
    @ValueSource(classes = {Method.class, Component.class, OfFactoryBean.class})
    void servesTheManagersWhoseResourceItIsForAndNoOther(Class<?> declaration) {
        runner.withUserConfiguration(declaration).run(context -> {
            Object check = context.getBean(ResourceHealthCheck.class);
            assertThat(check(context, "sessions")).containsSame(check);
            assertThat(check(context, "tuned")).containsSame(check);
            assertThat(check(context, "texts")).isEmpty();
        });
    }

    @Test
    void isNotUsedWhereItIsForASubtypeOfTheResource() {
        runner.withUserConfiguration(OfSubtype.class).run(context -> {
            assertThat(check(context, "sessions")).isEmpty();
            assertThat(check(context, "tuned")).isPresent();
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {OfAny.class, OfUntold.class})
    void servesEachManagerWhereItIsForAnyResource(Class<?> declaration) {
        runner.withUserConfiguration(declaration)
                .run(context -> assertThat(
                                context.getBean(TaskManagerRegistry.class).names())
                        .hasSize(3)
                        .allSatisfy(name -> assertThat(check(context, name)).isPresent()));
    }

    @Test
    void eachManagerHasTheOneThatFits() {
        runner.withUserConfiguration(Method.class, OfTexts.class).run(context -> {
            assertThat(check(context, "sessions"))
                    .containsSame(context.getBean("ofSessions", ResourceHealthCheck.class));
            assertThat(check(context, "texts")).containsSame(context.getBean("ofTexts", ResourceHealthCheck.class));
        });
    }

    @Test
    void ofSeveralThatFitNoneIsGuessed() {
        runner.withUserConfiguration(Method.class, OfAny.class, OfTexts.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(TaskManagerConfigurationException.class)
                        .hasMessageContaining("The task manager 'sessions' finds 2 beans of type ResourceHealthCheck")
                        .hasMessageContaining("[ofSessions, ofAny]"));
    }

    @Test
    void oneThatIsNamedAfterAManagerOfAnotherResourceIsRefused() {
        runner.withUserConfiguration(NamedAmiss.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(TaskManagerConfigurationException.class)
                        .hasMessageContaining(
                                "'sessionsResourceHealthCheck' is named after the task manager 'sessions'")
                        .hasMessageContaining("for other resources than "));
    }

    @Test
    void theManagersOwnCheckOfErrorsGoesBeforeOneOfResourcesForAll() {
        runner.withUserConfiguration(Method.class)
                .withBean("sessionsHealthCheck", HealthCheck.class, () -> OF_ERRORS)
                .run(context -> {
                    assertThat(config(context, "sessions").healthCheck()).isSameAs(OF_ERRORS);
                    assertThat(check(context, "sessions")).isEmpty();
                });
    }

    @Test
    void theManagersOwnGoesBeforeChecksOfErrorsForAllHoweverMany() {
        runner.withUserConfiguration(Own.class)
                .withBean("one", HealthCheck.class, () -> OF_ERRORS)
                .withBean("other", HealthCheck.class, () -> OF_ERRORS)
                .withBean("textsHealthCheck", HealthCheck.class, () -> OF_ERRORS)
                .withBean("tunedHealthCheck", HealthCheck.class, () -> OF_ERRORS)
                .run(context -> assertThat(check(context, "sessions"))
                        .containsSame(context.getBean(ResourceHealthCheck.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionsHealthCheck", "forAll"})
    void isAskedInPlaceOfACheckOfErrorsOnItsLevel(String checkOfErrors) {
        Class<?> declaration = checkOfErrors.equals("forAll") ? Method.class : Own.class;
        Queue<Throwable> asked = new ConcurrentLinkedQueue<>();
        runner.withUserConfiguration(declaration)
                .withBean(checkOfErrors, HealthCheck.class, () -> asked::add)
                .run(context -> {
                    IllegalStateException error = new IllegalStateException("of the task");
                    assertThatThrownBy(() -> sessions(context).queueTaskOnce((task, session) -> {
                                throw error;
                            }))
                            .isInstanceOf(TaskExecutionException.class);
                    assertThat(context.getBean(Asked.class).errors).containsExactly(error);
                    assertThat(asked).isEmpty();
                });
    }

    private static Optional<Object> check(ApplicationContext context, String manager) {
        return config(context, manager).resourceHealthCheck().map(check -> check);
    }

    private static TaskManagerConfig<?> config(ApplicationContext context, String manager) {
        return context.getBean(TaskManagerRegistry.class).config(manager).orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Session, Object> sessions(ApplicationContext context) {
        return (TaskManager<Session, Object>)
                context.getBean(TaskManagerRegistry.class).get("sessions");
    }

    static class TunedSession extends Session {}

    /** What the checks below were asked. */
    static class Asked {
        final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

        <R> ResourceHealthCheck<R> check() {
            return (error, resource) -> errors.add(error);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Factories {
        @Bean
        ResourceFactory<Session> sessionsResourceFactory() {
            return Session.factory();
        }

        @Bean
        ResourceFactory<TunedSession> tunedResourceFactory() {
            return ResourceFactory.of(TunedSession::new, session -> {});
        }

        @Bean
        ResourceFactory<String> textsResourceFactory() {
            return ResourceFactory.of(() -> "", text -> {});
        }

        @Bean
        Asked asked() {
            return new Asked();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Method {
        @Bean
        ResourceHealthCheck<Session> ofSessions(Asked asked) {
            return asked.check();
        }
    }

    static class Component implements ResourceHealthCheck<Session> {
        @Override
        public boolean isHealthy(Throwable error, Session session) {
            return true;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfFactoryBean {
        @Bean
        FactoryBean<ResourceHealthCheck<Session>> ofSessions(Asked asked) {
            return new FactoryBean<>() {
                private final ResourceHealthCheck<Session> check = asked.check();

                @Override
                public ResourceHealthCheck<Session> getObject() {
                    return check;
                }

                @Override
                public Class<?> getObjectType() {
                    return ResourceHealthCheck.class;
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfSubtype {
        @Bean
        ResourceHealthCheck<TunedSession> ofTunedSessions(Asked asked) {
            return asked.check();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfAny {
        @Bean
        ResourceHealthCheck<Object> ofAny(Asked asked) {
            return asked.check();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfUntold {
        @Bean
        ResourceHealthCheck<?> ofUntold(Asked asked) {
            return asked.check();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfTexts {
        @Bean
        ResourceHealthCheck<String> ofTexts(Asked asked) {
            return asked.check();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean
        ResourceHealthCheck<Session> sessionsResourceHealthCheck(Asked asked) {
            return asked.check();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class NamedAmiss {
        @Bean
        ResourceHealthCheck<String> sessionsResourceHealthCheck(Asked asked) {
            return asked.check();
        }
    }
}
