package io.taskmanager.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Has the tests of a class run in a world where the engine has {@link Faults}: each test method is called on an instance of
 * the same class, loaded by {@link FaultyLoader}. Its fields are those of that instance, so extensions are not shared with it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InFaultyWorld.Interceptor.class)
public @interface InFaultyWorld {

    /** Makes each call in the other world. */
    final class Interceptor implements InvocationInterceptor {

        /** One for all tests: to load and warm up the engine takes longer than most of them. */
        private static final ClassLoader LOADER = new FaultyLoader();

        @Override
        public void interceptTestMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
                throws Throwable {
            callThere(invocation, call);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
                throws Throwable {
            callThere(invocation, call);
        }

        private static void callThere(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call)
                throws Throwable {
            invocation.skip();
            Method here = call.getExecutable();
            Class<?>[] types = here.getParameterTypes();
            Object[] arguments = call.getArguments().toArray();
            for (int i = 0; i < types.length; i++) {
                types[i] = there(types[i]);
                arguments[i] = there(arguments[i], types[i]);
            }
            Class<?> type = there(call.getTargetClass());
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method method = type.getDeclaredMethod(here.getName(), types);
            method.setAccessible(true);
            try {
                method.invoke(constructor.newInstance(), arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private static Class<?> there(Class<?> type) throws ClassNotFoundException {
            return type.isPrimitive() ? type : Class.forName(type.getName(), true, LOADER);
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static Object there(Object argument, Class<?> type) {
            return argument instanceof Enum<?> constant && type != constant.getDeclaringClass()
                    ? Enum.valueOf((Class<? extends Enum>) type, constant.name())
                    : argument;
        }
    }
}
