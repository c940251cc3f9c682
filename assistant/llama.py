"""The assistant as a LlamaIndex query engine: `query("…")` gives our answer, with its citations as source nodes."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.engine import Assistant


def query_engine(assistant: "Assistant") -> Any:
    """A `CustomQueryEngine`. Its response's metadata holds the whole answer under "answer"."""
    from llama_index.core.base.response.schema import Response
    from llama_index.core.query_engine import CustomQueryEngine
    from llama_index.core.schema import NodeWithScore, TextNode

    class AssistantQueryEngine(CustomQueryEngine):  # type: ignore[misc]  # llama-index is untyped here
        """Asks the assistant."""

        def custom_query(self, query_str: str) -> Response:
            answer = assistant.ask(query_str)
            nodes = [
                NodeWithScore(
                    node=TextNode(
                        text=citation.quote,
                        start_char_idx=citation.start,
                        end_char_idx=citation.end,
                        metadata={"path": citation.document_id, "title": citation.title, "section": citation.section},
                    ),
                    score=answer.confidence,
                )
                for citation in answer.citations
            ]
            return Response(answer.text, source_nodes=nodes, metadata={"answer": answer.as_dict()})

    return AssistantQueryEngine()
