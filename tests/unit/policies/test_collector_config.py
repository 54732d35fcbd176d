from policies.collector_config import Way, kind_of, ways
from policies.property import Property


def test_ways_lead_through_connectors_of_traces_only() -> None:
    document = {
        "connectors": {"forward": {}, "spanmetrics": {}},
        "service": {
            "pipelines": {
                "traces": {
                    "receivers": ["otlp", "zipkin"],
                    "processors": ["a"],
                    "exporters": ["forward", "spanmetrics"],
                },
                "traces/one": {"receivers": ["forward"], "processors": ["b"], "exporters": ["x"]},
                "traces/two": {"receivers": ["forward"], "exporters": ["y"]},
                "metrics": {"receivers": ["spanmetrics"], "exporters": ["z"]},
            }
        },
    }
    found = {(way.receiver, way.processors, way.exporter) for way in ways(Property(document))}
    assert found == {
        (receiver, processors, exporter)
        for receiver in ("otlp", "zipkin")
        for processors, exporter in ((("a", "b"), "x"), (("a",), "y"))
    }


def test_a_cycle_of_pipelines_ends() -> None:
    document = {
        "connectors": {"forward": {}},
        "service": {
            "pipelines": {
                "traces": {"receivers": ["otlp"], "exporters": ["forward"]},
                "traces/again": {"receivers": ["forward"], "exporters": ["forward", "x"]},
            }
        },
    }
    assert Way("otlp", (), "x") in ways(Property(document))


def test_a_type_is_the_same_with_and_without_underscores() -> None:
    assert kind_of("k8s_attributes/pods") == kind_of("k8sattributes")
