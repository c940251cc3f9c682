"""What each feature of a sentence is worth, and how sure an answer is: learnt from questions."""
