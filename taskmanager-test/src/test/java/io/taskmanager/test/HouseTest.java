package io.taskmanager.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.taskmanager.test", importOptions = DoNotIncludeTests.class)
class HouseTest {

    @ArchTest
    static final ArchRule SPRING_IS_NEEDED_FOR_ITS_ANNOTATION_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("..autoconfigure..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "io.taskmanager.spring..");
}
