#!/bin/sh -e
${CXX:-c++} -std=c++20 -O1 main.cpp $(pkg-config --cflags --libs hillock) -o consumer
