"""Other systems that follow what is public: consumer groups that fetch it, and endpoints that it is sent to."""
