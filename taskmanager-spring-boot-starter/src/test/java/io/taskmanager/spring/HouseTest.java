package io.taskmanager.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.taskmanager.spring", importOptions = DoNotIncludeTests.class)
class HouseTest {

    @ArchTest
    static final ArchRule NO_TWO_PACKAGES_FORM_A_CIRCLE =
            slices().matching("io.taskmanager.(spring..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule OPTIONAL_LIBRARIES_STAY_IN_PACKAGES_OF_THEIR_OWN = noClasses()
            .that()
            .resideOutsideOfPackages("..actuate..", "..micrometer..", "..spring.context..", "..spring.ui..")
            .and()
            .haveSimpleNameNotStartingWith("TaskManagerEndpoint")
            .and()
            .haveSimpleNameNotStartingWith("TaskManagerHealth")
            .and()
            .haveSimpleNameNotStartingWith("TaskManagerInfo")
            .and()
            .haveSimpleNameNotStartingWith("TaskManagerMetrics")
            .and()
            .haveSimpleNameNotStartingWith("TaskManagerUi")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.micrometer..", "org.springframework.boot.actuate..", "org.springframework.boot.health..");
}
